#include <csignal>
#include <filesystem>
#include <fstream>
#include <string_view>

#include <gtest/gtest.h>

#include "learn/trainer.hpp"
#include "learn/words.hpp"
#include "rig.hpp"

// A real daemon with a model that was trained here, on invented rows: it dispatches, is swapped and
// refused by reload, and what persons make of it is counted and exported to learn from.

namespace hotline::test {
namespace {

constexpr classify::FeatureSettings settings{
    .buckets_log2 = 14, .title_weight = 3, .title_characters = 100, .content_characters = 600};

constexpr std::string_view places[] = {"东门", "南街", "西站", "北桥", "河口", "山前", "湖边",
                                       "城中", "镇上", "村里", "园区", "码头", "机场", "学府"};
/// Words that no rule of the shipped catalogue knows.
constexpr std::string_view matters[2][4] = {
    {"灯泡黑漆漆", "夜里黑漆漆摔跤", "灯罩掉了黑漆漆", "黑漆漆看不见"},
    {"辛苦钱没到手", "辛苦钱拖着不给", "讨不到辛苦钱", "三个月的辛苦钱"}};

/// `labels`: the categories of the two matters.
std::string trained(const std::string& version, std::vector<std::string> labels) {
  learn::Texts texts(settings);
  learn::WordCollector words;
  learn::HeadTask task;
  task.labels = std::move(labels);
  for (std::uint32_t place = 0; place < std::size(places); ++place) {
    for (std::uint16_t label = 0; label < 2; ++label) {
      for (const std::string_view matter : matters[label]) {
        const std::string content = std::string(places[place]) + std::string(matter);
        task.samples.push_back({static_cast<std::uint32_t>(texts.size()), label, true});
        task.groups.push_back(place);
        texts.add({.title = "", .content = content, .channel = "", .region = ""});
        words.add(content, place);
      }
    }
  }
  auto head = learn::train(texts, task, {}, {.say = [](std::string_view) {}, .learned = {}});
  if (!head) throw std::runtime_error(head.error().detail);
  return learn::model_of(texts, version, {&*head, 1}, words.words());
}

class LearnedDaemon : public ::testing::Test {
 protected:
  LearnedDaemon() {
    put(trained("m1", {lamps, wages}));
    rig_ = std::make_unique<Rig>(RigOptions{
        .settings = {"classification.model=" + model().string(), "classification.precision=0.97"}});
  }
  std::filesystem::path model() const { return folder_.path() / "city.model"; }
  /// As an operator should: beside it, then in its place.
  void put(const std::string& bytes) const {
    const auto fresh = folder_.path() / "fresh";
    std::ofstream(fresh, std::ios::binary) << bytes;
    std::filesystem::rename(fresh, model());
  }
  json::value post(const std::string& content) {
    const auto reply =
        rig_->web().post("/v1/tickets", {{"channel", "phone"}, {"content", content}});
    EXPECT_EQ(reply.status, 201U) << reply.body;
    return reply.json();
  }
  std::string version() { return text(rig_->web().get("/v1/catalogue").json(), "/model_version"); }
  double agreement(const std::string& outcome) {
    return metric(rig_->web().get("/metrics").body,
                  "hotline_model_agreement_total{outcome=\"" + outcome + "\"}");
  }

  const std::string lamps = "C0301";
  const std::string wages = "C0701";
  StoreFolder folder_;
  std::unique_ptr<Rig> rig_;
};

TEST_F(LearnedDaemon, DispatchesWhereRulesAreSilentAndSaysWhy) {
  const auto ticket = post("巷子黑漆漆，灯泡黑漆漆");
  EXPECT_EQ(text(ticket, "/status"), "dispatched") << json::serialize(ticket);
  EXPECT_EQ(text(ticket, "/classification/category"), lamps);
  EXPECT_EQ(text(ticket, "/classification/decided_by"), "model");
  EXPECT_EQ(text(ticket, "/classification/model_version"), "m1");
  EXPECT_EQ(text(ticket, "/classification/reasons/0/rule"), "model.category");
  EXPECT_FALSE(list(ticket, "/classification/candidates").empty());
  // Rules stand above it, and nothing is sent on a guess.
  EXPECT_EQ(text(post("路灯不亮，辛苦钱没到手"), "/classification/decided_by"), "rules");
  const auto unsure = post("天气不错");
  EXPECT_EQ(text(unsure, "/status"), "triage") << json::serialize(unsure);
  const auto emergency = post("着火了，灯泡黑漆漆");
  EXPECT_EQ(text(emergency, "/status"), "triage");
  EXPECT_EQ(text(emergency, "/classification/emergency"), "119");
}

TEST_F(LearnedDaemon, IsSwappedByReloadAndABrokenOneIsRefused) {
  put(trained("m2", {wages, lamps}));
  rig_->process().signal(SIGHUP);
  ASSERT_TRUE(eventually([&] { return version() == "m2"; })) << rig_->log();
  EXPECT_EQ(text(post("灯泡黑漆漆"), "/classification/category"), wages);
  std::string broken = trained("m3", {lamps, wages});
  broken[broken.size() / 2] = static_cast<char>(broken[broken.size() / 2] + 1);
  const std::pair<std::string, std::string> refused[] = {
      {broken, "damaged"},
      {"not a model", "city.model"},
      {trained("m3", {"X1", "X2"}), "another catalogue"}};
  for (const auto& [bytes, why] : refused) {
    put(bytes);
    const auto answer = rig_->web().ask("POST", "/v1/admin/reload");
    EXPECT_EQ(answer.status, 422U) << answer.body;
    EXPECT_NE(answer.body.find(why), std::string::npos) << answer.body;
    EXPECT_EQ(version(), "m2");
  }
  EXPECT_EQ(text(post("灯泡黑漆漆"), "/classification/model_version"), "m2");
}

TEST_F(LearnedDaemon, IsOverruledByPersonsWhichIsCountedAndExported) {
  const auto sent = text(post("灯泡黑漆漆"), "/id");
  const auto moved = rig_->web_as("李四").post("/v1/tickets/" + sent + ":dispatch",
                                               {{"department", "slj"}, {"category", wages}});
  ASSERT_EQ(moved.status, 200U) << moved.body;
  EXPECT_EQ(agreement("category_changed"), 1);
  EXPECT_EQ(agreement("confirmed"), 0);
  post("辛苦钱没到手");
  const auto ended = rig_->ctl({"--actor", "王五", "export", "training"});
  ASSERT_EQ(ended.code, 0) << ended.err;
  const auto row = json::parse(ended.out);  // one line: the other ticket nobody touched
  EXPECT_EQ(text(row, "/id"), sent);
  EXPECT_EQ(text(row, "/category"), wages);
  EXPECT_EQ(text(row, "/department"), "slj");
  EXPECT_EQ(text(row, "/department_by"), "dispatch");
  EXPECT_EQ(text(row, "/content"), "灯泡黑漆漆");
}

TEST(LearnedStart, IsRefusedWithAModelThatCannotProveThePrecision) {
  const StoreFolder folder;
  const auto file = folder.path() / "city.model";
  std::ofstream(file, std::ios::binary) << trained("m1", {"C0301", "C0701"});
  const auto catalogue = (source_folder() / "conf" / "catalogue").string();
  const auto ended =
      run(folder.path(),
          {HOTLINED, "--set", "auth.mode=none", "--set", "http.port=0", "--set",
           "storage.engine=memory", "--set", "catalogue.path=" + catalogue, "--set",
           "classification.model=" + file.string(), "--set", "classification.precision=0.99"});
  EXPECT_EQ(ended.code, 1);
  EXPECT_NE(ended.err.find("does not prove a precision of 0.99"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace hotline::test
