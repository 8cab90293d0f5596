# What is over is erased, after a notice
08:00 枫源村 notes the case 排水沟
08:05 枫源村 notes the case 地界
08:10 枫源村 closes 排水沟 by word of mouth: 各清一段
08:15 枫源村 closes 地界 by word of mouth: 按旧界石
08:20 枫源村 looks at what is to be erased
08:25 枫源村 keeps closed cases 0 years
08:30 枫源村 looks at what is to be erased
day 2 08:00 枫源村 keeps 地界 longer: 还在法院
day 2 08:05 枫源村 looks at what is to be erased
day 3 08:00 The power of 枫源村 goes
// Nothing runs out while a node is off.
day 5 08:00 The power of 枫源村 comes back
day 5 09:00 枫源村 looks at what is to be erased
day 32 08:00 枫源村 looks at 排水沟
day 34 08:00 枫源村 looks at 排水沟
day 34 08:05 枫源村 looks at 地界
day 34 08:10 枫源村 looks at what is to be erased
