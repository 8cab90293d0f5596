# The county is dark when the record goes onward
08:00 枫源村 notes the case 界河
08:05 枫源村 sends 界河 up, onward as well if need be
09:00 The power of 示例县 goes
09:10 青河镇 opens 界河
09:11 青河镇 accepts 界河
09:12 青河镇 sends 界河 onward: 涉及外县
09:20 青河镇 asks for a sync
11:00 The power of 示例县 comes back
12:00 示例县 opens 界河
12:10 示例县 decides 界河: 由县里与邻县会商
13:00 枫源村 looks at 界河
