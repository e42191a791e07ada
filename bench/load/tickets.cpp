#include "bench/load/tickets.hpp"

#include <algorithm>
#include <array>
#include <random>
#include <span>

#include <boost/json.hpp>

namespace bench {
namespace {

namespace json = boost::json;
using Words = std::span<const std::string_view>;

constexpr std::string_view serial_mark = "bench-000000000000";
constexpr std::size_t content_characters_min = 300;

constexpr std::array<std::string_view, 12> places = {
    "东城街道幸福家园小区",   "西城街道人民路与文化路交叉口",
    "城南新区滨河花园二期",   "光明镇中心小学门口",
    "和平镇农贸市场北侧",     "开发区纬三路标准厂房",
    "北关街道老机械厂家属院", "河湾镇李庄村村部西边",
    "新桥镇卫生院对面",       "东湖公园南门停车场",
    "站前广场公交枢纽",       "青山乡王店村三组"};

constexpr std::array<std::string_view, 12> subjects = {
    "路灯不亮", "噪音扰民", "自来水水压不足", "物业收费不公示", "道路坑洼积水", "垃圾清运不及时",
    "占道经营", "暖气不热", "拖欠农民工工资", "医保报销咨询",   "公交班次减少", "违章搭建"};

constexpr std::array<std::string_view, 20> facts = {
    "晚上十点以后仍有车辆装卸货物,声音很大,老人和孩子都休息不好。",
    "路面破损已经两个多月,下雨天积水没过脚面,骑电动车的人多次摔倒。",
    "楼道里堆放了很多旧家具和纸箱,消防通道被堵住,存在很大的安全隐患。",
    "自来水从上周三开始时断时续,高层住户白天基本用不上水。",
    "夜市摊位摆到了人行道上,油烟直接排进雨水井,气味难闻。",
    "施工单位没有设置围挡,扬尘严重,附近居民不敢开窗。",
    "物业公司收取的公共能耗费没有公示明细,业主多次要求查看都被拒绝。",
    "井盖缺失后只用木板遮挡,放学时间学生从旁边经过十分危险。",
    "河道内漂浮着大量生活垃圾,天气热了以后蚊虫很多。",
    "公交车等候时间由原来的十分钟变成了四十分钟,上班经常迟到。",
    "去年底完工的项目,至今还有三个月的工资没有发放,工头电话已经打不通。",
    "路灯坏了五盏,晚上一片漆黑,前几天还发生了电动车相撞的事故。",
    "邻居在楼顶私自搭建彩钢房,雨水顺着墙面流到楼下,墙皮已经脱落。",
    "供暖开始以后室内温度一直在十五度左右,检修人员来过一次没有解决。",
    "村里通往县道的水泥路被重型货车压坏,农产品运不出去。",
    "医院窗口答复说外地就医需要先备案,但是没有说清楚需要哪些材料。",
    "小区门口长期停放僵尸车,占用了仅有的几个公共车位。",
    "垃圾桶三四天才清运一次,满出来的垃圾被流浪狗拖得到处都是。",
    "学校门口没有斑马线和减速带,早晚高峰车速很快,家长非常担心。",
    "变压器发出很大的嗡嗡声,检测人员说没有超标,但是夜里听得很清楚。"};

constexpr std::array<std::string_view, 8> histories = {
    "市民此前向社区反映过,工作人员答复会尽快联系有关单位,但是一直没有结果。",
    "曾于上个月拨打过热线,回复说已经列入计划,到现在也没有看到有人施工。",
    "市民与对方沟通过三次,对方态度较差,不愿意配合整改。",
    "业主群里有二十多户都遇到了同样的情况,大家希望能有一个统一的说法。",
    "村干部来看过现场,表示资金没有到位,让大家再等一等。",
    "市民已经保留了现场照片和视频,可以提供给办理单位核实。",
    "有关单位上周派人来测量过,之后就没有了消息。",
    "物业说归社区管,社区说归城管管,来回几次都没有人负责。"};

constexpr std::array<std::string_view, 6> wishes = {
    "来电人希望有关部门尽快到现场核实处理,并将结果电话告知本人。",
    "市民诉求:请相关单位明确办理时限,并采取临时措施保障安全。",
    "希望职能部门加强日常巡查,避免同样的问题反复出现。",
    "来电人要求对号码和姓名保密,请办理单位先电话联系再上门。",
    "请核实情况是否属实,如果属实请依法处理,并给出书面答复。",
    "希望能够协调各方当面沟通,给居民一个明确的解决方案。"};

constexpr std::array<std::string_view, 5> types = {"complaint", "inquiry", "help", "suggestion",
                                                   "report"};
constexpr std::array<std::string_view, 4> channels = {"phone", "web", "wechat", "app"};

std::size_t characters(std::string_view text) {
  const auto is_lead = [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), is_lead));
}

class Writer {
 public:
  explicit Writer(const TicketsPlan& plan) : plan_(plan), random_(plan.seed) {}

  std::string body() {
    const std::string_view place = pick(places);
    const std::string_view subject = pick(subjects);
    json::object ticket;
    ticket["source"] = plan_.source;
    ticket["source_id"] = serial_mark;
    ticket["channel"] = pick(channels);
    ticket["type"] = pick(types);
    ticket["title"] = std::string(place) + std::string(subject);
    ticket["content"] = content(place, subject);
    ticket["caller"] = {{"name", "市民"},
                        {"phone", "1380000" + four_digits()},
                        {"confidential", random_() % 5 == 0}};
    ticket["address"] = place;
    ticket["urgency"] = "normal";
    ticket["recording_id"] = "rec-" + four_digits();
    if (!plan_.department.empty()) ticket["department"] = plan_.department;
    return json::serialize(ticket);
  }

 private:
  std::string_view pick(Words words) { return words[random_() % words.size()]; }

  std::string four_digits() { return std::to_string(1000 + random_() % 9000); }

  std::string content(std::string_view place, std::string_view subject) {
    std::string text =
        "来电人反映" + std::string(place) + "存在" + std::string(subject) + "的问题。";
    const std::string end = std::string(pick(histories)) + std::string(pick(wishes));
    while (characters(text) + characters(end) < content_characters_min) text += pick(facts);
    return text + end;
  }

  const TicketsPlan& plan_;
  std::mt19937_64 random_;
};

void append_body(PreparedRequest& request, std::string_view body) {
  const std::size_t mark = body.find(serial_mark);
  if (mark != std::string_view::npos) {
    request.serial_at = request.bytes.size() + mark + serial_mark.size() - request.serial_digits;
  }
  request.bytes.append(body);
}

}  // namespace

std::vector<std::string> generate_bodies(std::size_t count, const TicketsPlan& plan) {
  Writer writer(plan);
  std::vector<std::string> bodies;
  bodies.reserve(count);
  for (std::size_t i = 0; i < count; ++i) bodies.push_back(writer.body());
  return bodies;
}

PreparedRequest prepare_request(std::string_view path, std::string_view body) {
  PreparedRequest request;
  request.bytes.append("POST ").append(path).append(" HTTP/1.1\r\nHost: 127.0.0.1\r\n");
  request.bytes.append("Hotline-Actor: bench\r\n");
  request.bytes.append("Content-Type: application/json\r\nContent-Length: ");
  request.bytes.append(std::to_string(body.size())).append("\r\n\r\n");
  append_body(request, body);
  return request;
}

PreparedRequest prepare_line(std::string_view body) {
  PreparedRequest line;
  append_body(line, body);
  line.bytes += '\n';
  return line;
}

void set_serial(PreparedRequest& request, std::uint64_t serial) {
  if (request.serial_at == std::string::npos) return;
  for (std::size_t i = request.serial_digits; i-- > 0; serial /= 10) {
    request.bytes[request.serial_at + i] = static_cast<char>('0' + serial % 10);
  }
}

}  // namespace bench
