# A village escalates, the township advises
08:00 枫源村 notes the case 排水沟
08:10 枫源村 sends 排水沟 up
09:00 青河镇 opens 排水沟
09:05 青河镇 looks at 排水沟
09:10 青河镇 advises on 排水沟: 请两村各出一人，三日内疏通
10:00 枫源村 looks at 排水沟
