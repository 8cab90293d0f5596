#include "packaging/sample/placename.h"

#include <assert.h>
#include <stdio.h>

enum { STEMS = 10, BRANCHES = 12, CYCLE = 60, SPOTS = 61, TREES = 27 };

static const char *const stems[STEMS] = {"甲", "乙", "丙", "丁", "戊",
                                         "己", "庚", "辛", "壬", "癸"};
static const char *const branches[BRANCHES] = {"子", "丑", "寅", "卯", "辰", "巳",
                                               "午", "未", "申", "酉", "戌", "亥"};

/* 61 has no divisor in common with 60, so the pair repeats only after 3,660 villages. */
static const char *const spots[SPOTS] = {
    "溪口", "岭下", "石坎", "塘边", "竹湾", "坪上", "茶坑", "桥头", "水尾",
    "山背", "田心", "沙坝", "松岗", "井头", "龙塘", "梅坞", "樟下", "禾坪",
    "柳岸", "枣林", "泉眼", "云坑", "垄头", "草坪", "渡口", "岩前", "花坞",
    "榕下", "麦田", "栗坡", "荷塘", "藤桥", "瓦窑", "油坊", "磨石", "米筛",
    "鹅颈", "牛栏", "鹿坪", "雀坳", "鱼梁", "蜂桶", "棕坡", "柑园", "豆坡",
    "薯坑", "笋坳", "苔石", "芦湾", "艾坪", "葛岭", "菱塘", "蓼滩", "蒲圩",
    "桑垄", "椿下", "槐角", "枧头", "砻坪", "筒车", "风洞",
};

static const char *const trees[TREES] = {
    "枫", "竹", "松", "梅", "樟", "桂", "柏", "杉", "柳", "桐", "榆", "槐", "枣", "栗",
    "桃", "李", "杏", "梨", "橘", "柚", "楠", "枇", "桑", "椿", "棕", "荷", "菊",
};

void placename_format(uint32_t index, char out[static PLACENAME_SIZE])
{
    uint32_t i = index - 1;
    uint32_t round = i / (CYCLE * SPOTS);

    assert(index < PLACENAMES_MAX);
    if (index == 0) {
        (void)snprintf(out, PLACENAME_SIZE, "枫源村"); /* Fits. */
        return;
    }
    assert(round <= TREES);
    (void)snprintf(out, PLACENAME_SIZE, "%s%s%s%s村", round == 0 ? "" : trees[round - 1],
                   stems[i % STEMS], branches[i % BRANCHES],
                   spots[i % SPOTS]); /* Fits: at most six characters. */
}
