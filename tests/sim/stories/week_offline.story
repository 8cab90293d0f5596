# A week offline
08:00 枫源村 notes the case 排水沟
08:05 枫源村 sends 排水沟 up
09:00 枫源村 is cut off from everybody
10:00 青河镇 opens 排水沟
10:05 青河镇 advises on 排水沟: 先疏通
day 3 09:00 枫源村 notes the case 地界
day 3 09:05 枫源村 sends 地界 up
day 5 09:00 枫源村 looks at 排水沟
day 8 09:00 枫源村 is connected again
day 8 09:30 青河镇 opens 地界
day 8 10:00 青河镇 decides 地界: 按旧界石
