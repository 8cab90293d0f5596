# A peer brings garbage, and honest records as well
08:00 枫源村 notes the case 排水沟
08:05 溪口村 notes the case 水渠
09:00 溪口村 says what is not so, from now on
// What it brings passes through somebody who changes every other message.
09:01 溪口村 sends 水渠 up
09:05 枫源村 sends 排水沟 up
09:30 青河镇 opens 排水沟
09:35 青河镇 advises on 排水沟: 先疏通
10:30 枫源村 looks at 排水沟
18:00 青河镇 looks at 排水沟
