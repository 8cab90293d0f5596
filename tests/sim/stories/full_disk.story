# A full disk, freed
08:00 枫源村 notes the case 排水沟
08:10 The disk of 枫源村 is full
08:11 枫源村 notes the case 地界
08:30 青河镇 asks for a sync
09:00 The disk of 枫源村 has room again
09:05 枫源村 notes the case 工钱
09:06 枫源村 sends 排水沟 up
09:10 枫源村 looks at 排水沟
