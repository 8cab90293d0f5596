# A round finds something, and a plan card makes tasks
08:00 枫源村 keeps the list 汛前排查: 桥头,学校 and 排水,用电
08:05 枫源村 begins a round of 汛前排查
08:10 枫源村 goes to 桥头 for 排水
// Nobody's home is on a list.
08:12 枫源村 goes to 张某家 for 用电
08:15 枫源村 finds in 学校 for 用电: 墙上的线露在外面
08:20 枫源村 asks what was not looked at
08:25 The power of 枫源村 goes
08:30 The power of 枫源村 comes back
08:35 枫源村 goes to 桥头 for 用电
08:40 枫源村 goes to 学校 for 排水
08:45 枫源村 asks what was not looked at
09:00 枫源村 keeps the card 防汛, for 水位过警戒线: 指挥=通知各户=0,厨师=做饭=1
09:05 枫源村 keeps the card 防汛, for 水位过警戒线: 指挥=通知各户=0,巡查=查看堤坝=2
09:10 枫源村 activates the card 防汛 on 2026-07-01: 上游来水
