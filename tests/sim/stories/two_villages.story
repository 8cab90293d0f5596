# What one village sent, the other does not see
08:00 枫源村 notes the case 排水沟
08:05 枫源村 sends 排水沟 up
08:25 青河镇 opens 排水沟
08:30 青河镇 accepts 排水沟
09:00 溪口村 notes the case 水渠
09:05 溪口村 sends 水渠 up
09:30 溪口村 looks at 排水沟
