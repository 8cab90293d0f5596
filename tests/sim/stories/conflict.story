# Two machines write to one case at once, and somebody settles it
08:00 枫源村 notes the case 地界
08:10 枫源村 writes the wish of 地界: 按旧界石
// It knew the first note alone.
08:20 The second machine of 枫源村 has the wish of 地界: 请乡里丈量
08:30 枫源村 looks at what stands side by side in 地界
08:40 枫源村 keeps both in the wish of 地界
08:45 枫源村 looks at what stands side by side in 地界
08:50 枫源村 looks at 地界
09:00 枫源村 takes back what the wish of 地界 says
09:05 枫源村 looks at 地界
09:10 枫源村 keeps both in the wish of 地界
// And once more, while nobody has looked.
09:20 The second machine of 枫源村 has the wish of 地界: 各让半米
09:30 枫源村 chooses in the wish of 地界: 2
09:35 枫源村 settles the wish of 地界 as 丈量后各让半米
09:40 枫源村 looks at 地界
