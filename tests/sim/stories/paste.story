# What is pasted in becomes a case, or is gone when seven days of running are over
08:00 枫源村 pastes in: 隔壁的水又流进我家院子来了
08:05 枫源村 pastes in: 村口的路灯坏了三天没有人来修
08:10 枫源村 pastes in: 老张说他儿子过年不回来了
08:15 枫源村 pastes in: 村口的路灯坏了三天没有人来修
08:20 枫源村 looks at what was pasted in
08:30 枫源村 makes of paste 1 the case 排水沟
08:35 枫源村 drops paste 3
08:40 枫源村 looks at what was pasted in
08:45 枫源村 looks at 排水沟
08:50 枫源村 makes of paste 1 the case 又一次
08:55 枫源村 seeks on its disk: 老张说他儿子过年不回来了
day 3 08:00 The power of 枫源村 goes
// Nothing runs out while a node is off, and no clock moves it.
day 6 08:00 The power of 枫源村 comes back
day 6 08:30 The clock of 枫源村 goes back five years
day 8 08:00 枫源村 looks at what was pasted in
day 9 20:00 枫源村 looks at what was pasted in
day 9 20:05 枫源村 seeks on its disk: 村口的路灯坏了三天没有人来修
day 11 12:00 枫源村 looks at what was pasted in
day 11 12:05 枫源村 seeks on its disk: 村口的路灯坏了三天没有人来修
day 11 12:10 枫源村 looks at 排水沟
