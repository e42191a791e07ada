#include <algorithm>
#include <fstream>
#include <set>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "unit/classify/folder.hpp"

// The catalogue and the sample day that are shipped in conf/.

namespace hotline::classify {
namespace {

const Catalogue& shipped() {
  static const std::shared_ptr<const Catalogue> catalogue = [] {
    auto loaded = load_catalogue(HOTLINE_SOURCE_DIR "/conf/catalogue");
    if (!loaded) throw std::runtime_error(loaded.error().detail);
    return *loaded;
  }();
  return *catalogue;
}

std::set<std::string> leaves() {
  std::set<std::string> found;
  std::set<std::string> inner;
  for (const CategoryInfo& category : shipped().categories()) {
    found.insert(category.code);
    inner.insert(category.parent);
  }
  for (const std::string& code : inner) found.erase(code);
  return found;
}

struct Probe {
  std::string_view category;
  std::string_view content;
};

const Probe probes[] = {
    {"C0101", "新房墙体开裂，房屋质量太差"},
    {"C0102", "我们小区想加装电梯，老旧小区改造什么时候轮到"},
    {"C0103", "拆迁补偿款一直没有给，安置房也没有分"},
    {"C0104", "楼上有人私搭乱建，属于违章建筑"},
    {"C0105", "新楼容积率改了，规划方案没有公示"},
    {"C0106", "开发商延期交房，购房合同写得清清楚楚"},
    {"C0107", "公租房排队排了两年，廉租房也申请不到"},
    {"C0108", "宅基地批不下来，农村建房手续太难"},
    {"C0109", "不动产登记中心办房产过户要等多久"},
    {"C0110", "公积金贷款和公积金提取怎么办"},
    {"C0111", "征地补偿款和青苗补偿没有发"},
    {"C0112", "父母住的是危房，想做危房改造"},
    {"C0201", "物业公司乱收物业费，物业服务很差"},
    {"C0202", "业委会换届，业主大会开不起来"},
    {"C0203", "小区电梯停运，单元门也坏了"},
    {"C0204", "小区停车位不足，充电桩也装不了"},
    {"C0205", "维修资金使用申请批了半年"},
    {"C0206", "楼上漏水，邻居装修把水管打穿了"},
    {"C0301", "路灯不亮，路灯杆也歪了"},
    {"C0302", "人行道破损，路面塌陷"},
    {"C0303", "下水道堵塞，污水外溢"},
    {"C0304", "井盖缺失，窨井盖松动"},
    {"C0305", "垃圾桶满了，垃圾清运不及时"},
    {"C0306", "占道经营的流动摊贩太多"},
    {"C0307", "行道树要修剪，绿化带里全是杂草"},
    {"C0308", "户外广告牌松动，店招要掉了"},
    {"C0309", "公厕没水，公共厕所太脏"},
    {"C0310", "共享单车乱停，共享电动车堵路"},
    {"C0311", "渣土车一路抛洒滴漏"},
    {"C0401", "公交车等不到，公交站台没有座"},
    {"C0402", "出租车拒载，网约车绕路"},
    {"C0403", "农村公路坏了，村村通路面要公路养护"},
    {"C0404", "红绿灯太短，斑马线看不清"},
    {"C0405", "违章停车没人管，交警执法不公"},
    {"C0406", "驾驶证换证，车管所年检"},
    {"C0407", "早高峰交通拥堵，堵车两个小时"},
    {"C0408", "汽车站没有长途客运，高铁站也远"},
    {"C0409", "超载货车多，大货车压坏路"},
    {"C0410", "交通事故的责任认定书下来了，对方肇事逃逸"},
    {"C0501", "工地夜间施工，施工噪音大"},
    {"C0502", "广场舞音响扰民，KTV噪音扰民"},
    {"C0503", "饭店油烟直排，油烟扰民"},
    {"C0504", "化工厂废气刺鼻，空气污染"},
    {"C0505", "河水发黑，有人污水直排，水污染严重"},
    {"C0506", "养猪场猪粪乱排，养殖污染"},
    {"C0507", "地里秸秆焚烧，有人烧垃圾"},
    {"C0508", "工地扬尘，尘土飞扬"},
    {"C0509", "危险废物乱倒，垃圾填埋场渗漏"},
    {"C0510", "楼顶通信基站有电磁辐射"},
    {"C0601", "入学条件和招生政策，学区怎么划"},
    {"C0602", "孩子转学，学籍怎么办"},
    {"C0603", "学校乱收费，校服费和资料费太高"},
    {"C0604", "培训机构补课，校外培训不退钱"},
    {"C0605", "老师体罚学生，师德败坏"},
    {"C0606", "学校食堂不干净，校园安全堪忧"},
    {"C0607", "教师招聘以后教师编制没有落实，教师工资没涨"},
    {"C0608", "助学贷款和助学金怎么申请"},
    {"C0609", "公办幼儿园太少，民办幼儿园太贵"},
    {"C0610", "职业学院的毕业证和学历认证"},
    {"C0701", "拖欠工资，农民工工资没给"},
    {"C0702", "单位违法辞退，加班费不付，劳动合同不签"},
    {"C0703", "养老保险断缴，养老金少了"},
    {"C0704", "工伤认定和工伤赔偿"},
    {"C0705", "失业金和失业登记"},
    {"C0706", "事业单位招聘的资格复审"},
    {"C0707", "创业担保贷款和技能培训补贴"},
    {"C0708", "社保卡补办，社会保障卡激活"},
    {"C0709", "职称评审和人事档案"},
    {"C0801", "医保报销比例，异地就医备案"},
    {"C0802", "人民医院医生态度差，挂号难"},
    {"C0803", "医疗事故，医院误诊"},
    {"C0804", "疫苗接种预约，打疫苗"},
    {"C0805", "疫情防控，核酸检测"},
    {"C0806", "生育登记和独生子女费"},
    {"C0807", "药店卖假药，黑诊所"},
    {"C0808", "村医不在，村卫生室关门"},
    {"C0809", "无偿献血和心理咨询"},
    {"C0901", "商家不退款，消费者权益受损"},
    {"C0902", "健身房跑路，会员卡里还有钱"},
    {"C0903", "过期食品吃了食物中毒，食品安全没人管"},
    {"C0904", "哄抬物价，没有明码标价"},
    {"C0905", "卖假货，假冒伪劣的山寨产品"},
    {"C0906", "营业执照注销，公司注册"},
    {"C0907", "加油站计量不准，电子秤作弊"},
    {"C0908", "网购虚假宣传，虚假广告"},
    {"C0909", "传销组织拉人头"},
    {"C1001", "停水三天，自来水发黄"},
    {"C1002", "停电，变压器坏了，供电不稳"},
    {"C1003", "天然气停气，燃气表坏了"},
    {"C1004", "暖气不热，供热不足"},
    {"C1005", "宽带断网，手机信号差"},
    {"C1006", "快递丢失，快递员不接电话"},
    {"C1007", "有线电视没信号，机顶盒坏了"},
    {"C1101", "种粮补贴和粮食补贴没发"},
    {"C1102", "土地流转费和承包地纠纷"},
    {"C1103", "农田灌溉没有水，水渠坏了"},
    {"C1104", "假种子和农药害了庄稼"},
    {"C1105", "非洲猪瘟检疫，动物防疫"},
    {"C1106", "村干部不搞村务公开，优亲厚友"},
    {"C1107", "改厕改了一半，农村垃圾没人管"},
    {"C1108", "地边纠纷，出路被堵，请人民调解"},
    {"C1109", "贫困户建档立卡，扶贫资金"},
    {"C1201", "低保申请，临时救助"},
    {"C1202", "高龄津贴和敬老院"},
    {"C1203", "残疾证和残疾人两项补贴"},
    {"C1204", "殡仪馆火化，公墓太贵"},
    {"C1205", "结婚登记，补领结婚证"},
    {"C1206", "门牌号没有，地名证明开不了"},
    {"C1207", "退役军人优待金，退伍军人安置"},
    {"C1301", "户口迁移，身份证补办"},
    {"C1302", "棋牌室聚众赌博"},
    {"C1303", "电信诈骗，我被骗钱了"},
    {"C1304", "小偷入室盗窃，有人寻衅滋事"},
    {"C1305", "流浪狗咬人，遛狗不牵绳"},
    {"C1306", "半夜燃放鞭炮，烟花爆竹"},
    {"C1307", "护照和港澳通行证"},
    {"C1401", "政务服务中心的办事窗口"},
    {"C1402", "互相推诿扯皮，不作为，态度恶劣"},
    {"C1403", "税务局的契税和个人所得税"},
    {"C1404", "政府采购招投标有人围标"},
    {"C1405", "法律援助和公证处"},
    {"C1406", "特此感谢，送锦旗表扬"},
    {"C1501", "旅行社强制购物，导游骂人"},
    {"C1502", "图书馆和博物馆开放"},
    {"C1503", "体育馆和篮球场收费"},
    {"C1504", "网吧里有未成年人上网"},
    {"C1601", "消防通道被占，消防栓没水"},
    {"C1602", "高空作业没有安全帽，安全生产没人管"},
    {"C1603", "流动加油车私存危险化学品"},
    {"C1604", "防汛物资，洪水和山体滑坡"},
    {"C1701", "惠企政策和营商环境"},
    {"C1702", "家电补贴以旧换新，消费券"},
    {"C1703", "农贸市场摊位费"},
    {"C1704", "银行贷款和信用卡，保险理赔"},
};

TEST(ShippedCatalogue, is_that_of_a_whole_city) {
  const auto count_top = [](const auto& infos) {
    return std::count_if(infos.begin(), infos.end(),
                         [](const auto& info) { return info.parent.empty(); });
  };
  EXPECT_GE(count_top(shipped().categories()), 12);
  EXPECT_GE(leaves().size(), 80U);
  EXPECT_GE(shipped().departments().size(), 30U);
  const auto townships =
      std::count_if(shipped().regions().begin(), shipped().regions().end(),
                    [](const RegionInfo& region) { return region.code.size() == 9; });
  EXPECT_GE(townships, 18);
}

TEST(ShippedCatalogue, every_township_has_its_unit_and_every_leaf_somebody_to_lead) {
  for (const RegionInfo& region : shipped().regions()) {
    if (region.code.size() == 9) {
      EXPECT_NE(region.department, "") << region.name;
    }
  }
  for (const std::string& code : leaves()) {
    EXPECT_NE(shipped().category(code)->department, "") << code;
  }
}

TEST(ShippedCatalogue, every_leaf_is_found_by_its_probe) {
  std::set<std::string> unprobed = leaves();
  for (const Probe& probe : probes) {
    const Classification result = shipped().classify(test::content_of(probe.content));
    EXPECT_EQ(result.category, probe.category) << probe.content;
    EXPECT_EQ(result.emergency, "") << probe.content;
    EXPECT_EQ(result.channel_to_tell, "") << probe.content;
    unprobed.erase(std::string(probe.category));
  }
  EXPECT_TRUE(unprobed.empty()) << *unprobed.begin();
}

struct Alarm {
  std::string_view service;
  std::string_view content;
};

const Alarm alarms[] = {
    {"119", "我家着火了快来人"},
    {"119", "对面三楼起火了，有浓烟"},
    {"119", "仓库着火，火势很大"},
    {"119", "楼下电动车着火"},
    {"119", "厨房煤气泄漏，不敢开灯"},
    {"119", "一楼闻到煤气味，好几家都闻到了"},
    {"119", "修路把燃气管道挖断了"},
    {"119", "小孩掉进河里了"},
    {"119", "我和老人被困电梯半个小时了"},
    {"119", "有人要跳楼，在楼顶坐着"},
    {"119", "火锅店着火了"},
    {"110", "夜市上打起来了，打群架"},
    {"110", "有人持刀在路上追人"},
    {"110", "我刚刚被抢劫了"},
    {"110", "老人走丢了，天黑没回来"},
    {"120", "路边有人晕倒在地"},
    {"120", "我爸昏迷不醒"},
    {"120", "产妇大出血，快派车"},
    {"120", "他喝农药了"},
    {"120", "工人触电了，在地上抽"},
};

TEST(ShippedCatalogue, hears_emergencies) {
  for (const Alarm& alarm : alarms) {
    EXPECT_EQ(shipped().classify(test::content_of(alarm.content)).emergency, alarm.service)
        << alarm.content;
  }
}

TEST(ShippedCatalogue, hears_emergencies_however_they_are_written) {
  const Alarm written[] = {
      {"119", "樓下煤氣泄漏，味道很大"}, {"119", "煤 气 泄 漏 ！！！"}, {"119", "😱😱着火了😱"},
      {"119", "电梯困人×××小区3号楼"},   {"110", "門口打群架，好多人"}, {"120", "路邊有人暈倒了"}};
  for (const Alarm& alarm : written) {
    EXPECT_EQ(shipped().classify(test::content_of(alarm.content)).emergency, alarm.service)
        << alarm.content;
  }
}

const std::string_view calm[] = {
    "小区消防栓没有水，请问归谁管",
    "火锅店占道经营",
    "社区的防火宣传做得很好",
    "119的车进不来，消防通道堵塞投诉",
    "万一着火了怎么办，消防通道被占",
    "线路老化容易引起着火",
    "去年着火了的商场什么时候开门",
    "担心煤气泄漏，想换管子",
    "请问煤气泄漏怎么预防",
    "想安装燃气泄漏报警器安装费多少",
    "建议加强防溺水宣传",
    "昨天在电梯里困人，今天还没有修",
    "前几天夜市打群架，现在晚上没人敢去",
    "父亲去年昏迷不醒住院，医保报销不了",
    "物业道德绑架业主",
    "汽车打不着火，4S店不修",
    "如果有人晕倒了连救护车都进不来",
    "学打架子鼓的培训班不退钱",
    "防触电警示牌掉了",
    "因打群架被拘留，请问无犯罪记录证明怎么开，事后三年了",
};

TEST(ShippedCatalogue, keeps_calm_about_what_only_sounds_like_an_emergency) {
  for (const std::string_view content : calm) {
    EXPECT_EQ(shipped().classify(test::content_of(content)).emergency, "") << content;
  }
}

const Probe elsewhere[] = {
    {"人民法院（诉讼）", "不服法院判决，该怎么办"},
    {"劳动人事争议仲裁委员会", "申请劳动仲裁要找谁"},
    {"行政复议机构", "对处罚不服，想申请行政复议"},
    {"信访部门", "信访答复收到了，想申请信访复查"},
    {"政府信息公开机构", "我要依申请公开一份文件"},
    {"纪检监察机关（12388）", "有干部收受贿赂"},
    {"", "再不解决我就去信访局"},
    {"", "物业费太高，业主考虑申请劳动仲裁以外的办法"},
    {"", "路灯坏了，路灯不亮，找过信访局"},
};

TEST(ShippedCatalogue, tells_the_proper_channel) {
  for (const Probe& probe : elsewhere) {
    EXPECT_EQ(shipped().classify(test::content_of(probe.content)).channel_to_tell, probe.category)
        << probe.content;
  }
}

/// The sample day, one JSON object a line.
std::vector<boost::json::object> sample() {
  std::ifstream in(HOTLINE_SOURCE_DIR "/conf/sample/day.jsonl");
  std::vector<boost::json::object> tickets;
  for (std::string line; std::getline(in, line);) {
    tickets.push_back(boost::json::parse(line).as_object());
  }
  return tickets;
}

std::string text(const boost::json::object& ticket, std::string_view field) {
  const boost::json::value* value = ticket.if_contains(field);
  return value == nullptr ? std::string() : std::string(value->as_string());
}

Classification classified(const boost::json::object& ticket) {
  const std::string title = text(ticket, "title");
  const std::string content = text(ticket, "content");
  const std::string address = text(ticket, "address");
  const std::string region = text(ticket, "region");
  ClassifyInput input;
  input.title = title;
  input.content = content;
  input.address = address;
  input.region = region;
  input.type = parse<TicketType>(text(ticket, "type"));
  return shipped().classify(input);
}

TEST(SampleDay, has_the_fields_of_the_intake_call_and_no_others) {
  const std::set<std::string_view> known{
      "source",      "source_id", "channel",  "type",       "title",    "content",
      "caller",      "region",    "address",  "location",   "urgency",  "recording_id",
      "attachments", "extra",     "category", "department", "handling", "answer"};
  std::set<std::string> ids;
  for (const boost::json::object& ticket : sample()) {
    for (const auto& field : ticket) EXPECT_TRUE(known.contains(field.key())) << field.key();
    EXPECT_EQ(text(ticket, "source"), "demo");
    EXPECT_FALSE(text(ticket, "channel").empty());
    EXPECT_FALSE(text(ticket, "content").empty());
    EXPECT_TRUE(ids.insert(text(ticket, "source_id")).second) << text(ticket, "source_id");
  }
  EXPECT_GE(ids.size(), 240U);
}

TEST(SampleDay, gives_every_desk_something_to_do) {
  constexpr double confident = 0.75;
  std::size_t all = 0;
  std::size_t emergencies = 0;
  std::size_t told = 0;
  std::size_t direct = 0;
  std::size_t transferred = 0;
  std::size_t triage = 0;
  std::size_t inquiries = 0;
  for (const boost::json::object& ticket : sample()) {
    const Classification result = classified(ticket);
    ++all;
    inquiries += result.type == TicketType::inquiry ? 1 : 0;
    emergencies += result.emergency.empty() ? 0 : 1;
    told += result.channel_to_tell.empty() ? 0 : 1;
    const bool clear = result.confidence >= confident;
    triage += clear ? 0 : 1;
    direct += clear && result.handling == Handling::direct ? 1 : 0;
    transferred += clear && result.handling == Handling::transferred ? 1 : 0;
  }
  EXPECT_GE(emergencies, 3U);
  EXPECT_LE(emergencies, 8U);
  EXPECT_GE(told, 3U);
  EXPECT_LE(told, 10U);
  EXPECT_GE(direct, all / 4);
  EXPECT_GE(transferred, all / 4);
  EXPECT_GE(triage, all / 10);
  EXPECT_GE(inquiries, all * 2 / 5);
  EXPECT_LE(inquiries, all / 2);
}

}  // namespace
}  // namespace hotline::classify
