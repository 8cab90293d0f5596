# What changes after it went up leaves when a steward sends it
08:00 枫源村 notes the case 排水沟
08:10 枫源村 sends 排水沟 up
09:00 枫源村 looks at what waits to be sent anew
09:10 枫源村 writes the wish of 排水沟: 各清一半
09:20 枫源村 writes the context of 排水沟: 去年修过，今年又堵
09:30 青河镇 looks at 排水沟
09:40 枫源村 looks at what waits to be sent anew
10:00 枫源村 hears from the party of 排水沟 that it refuses
10:10 枫源村 looks at what waits to be sent anew
10:20 枫源村 sends anew what has changed of 排水沟
11:00 枫源村 writes the context of 排水沟: 三年里堵过两次
11:10 枫源村 sends 排水沟 up
11:20 枫源村 sends anew what has changed of 排水沟
11:30 青河镇 looks at 排水沟
11:40 枫源村 looks at what waits to be sent anew
