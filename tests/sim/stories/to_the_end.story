# A case comes to its end, and is opened again
08:00 枫源村 notes the case 排水沟
08:10 枫源村 takes 排水沟 in hand
08:15 枫源村 keeps 排水沟 in the village: 两家愿意谈
08:20 枫源村 takes 排水沟 in hand
09:00 枫源村 closes 排水沟
09:10 枫源村 settles 排水沟: 各清一段
09:15 枫源村 looks at 排水沟
09:20 枫源村 closes 排水沟
// A month later, if this were no story.
10:00 枫源村 follows 排水沟 up: 沟已疏通
10:05 枫源村 closes 排水沟
10:10 枫源村 looks at 排水沟
10:20 枫源村 settles 排水沟: 再议
10:30 枫源村 reopens 排水沟: 沟又堵上了
10:35 枫源村 closes 排水沟
10:40 枫源村 closes 排水沟 by word of mouth: 李某补挖
10:45 枫源村 looks at 排水沟
