#include "bench/accuracy/rows.hpp"

#include <algorithm>
#include <fstream>
#include <functional>
#include <map>
#include <stdexcept>

#include <boost/json.hpp>

namespace hotline::bench {
namespace {

using Row = boost::json::object;

std::string text_of(const Row& row, std::string_view key) {
  const auto* const value = row.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

void for_each_row(const std::filesystem::path& file, const std::function<void(const Row&)>& take) {
  std::ifstream in(file);
  if (!in) throw std::runtime_error("cannot read " + file.string());
  for (std::string line; std::getline(in, line);) take(boost::json::parse(line).as_object());
}

/// Numbers for whatever tells groups apart.
class Groups {
 public:
  std::uint32_t operator[](const std::string& key) {
    return known_.try_emplace(key, static_cast<std::uint32_t>(known_.size())).first->second;
  }

 private:
  std::map<std::string, std::uint32_t> known_;
};

void add(Set& set, const Row& row, std::uint16_t label, std::uint32_t group) {
  const std::string title = text_of(row, "title");
  const std::string body = text_of(row, "body");
  set.samples.push_back({static_cast<std::uint32_t>(set.texts.size()), label, true});
  set.texts.add({.title = title, .content = body, .channel = "", .region = ""});
  set.groups.push_back(group);
}

/// data/README.md's mapping; empty: left out.
std::string seven_label_of(const std::string& domain) {
  static const std::map<std::string, std::string> mapped = {
      {"城建", "城乡建设"},       {"环保", "环境保护"}, {"交通", "交通运输"}, {"教育", "教育文体"},
      {"文娱", "教育文体"},       {"企业", "商贸旅游"}, {"旅游", "商贸旅游"}, {"金融", "商贸旅游"},
      {"就业", "劳动和社会保障"}, {"医疗", "卫生计生"}};
  const auto found = mapped.find(domain);
  return found == mapped.end() ? "" : found->second;
}

}  // namespace

std::uint16_t Set::class_of(const std::string& label) {
  const auto found = std::find(labels.begin(), labels.end(), label);
  if (found == labels.end()) labels.push_back(label);
  return static_cast<std::uint16_t>(std::find(labels.begin(), labels.end(), label) -
                                    labels.begin());
}

classify::FeatureSettings feature_settings() { return {}; }

Set read_routing(const std::filesystem::path& tickets) {
  Set set(feature_settings());
  Groups groups;
  for_each_row(tickets / "routing7.train.jsonl", [&](const Row& row) {
    add(set, row, set.class_of(text_of(row, "label")), groups[text_of(row, "dup_group")]);
  });
  return set;
}

void add_second_city(const std::filesystem::path& tickets, Set& set) {
  for (learn::Sample& sample : set.samples) sample.own = false;
  auto group = static_cast<std::uint32_t>(set.samples.size());
  Groups groups;
  for_each_row(tickets / "second_city.calib.jsonl", [&](const Row& row) {
    const std::string label = seven_label_of(text_of(row, "domain"));
    if (!label.empty()) {
      add(set, row, set.class_of(label),
          group + groups[text_of(row, "title") + text_of(row, "body")]);
    }
  });
}

Set read_inquiries(const std::filesystem::path& tickets) {
  Set set(feature_settings());
  Groups groups;
  for_each_row(tickets / "second_city.calib.jsonl", [&](const Row& row) {
    add(set, row, text_of(row, "type") == "咨询" ? 1 : 0,
        groups[text_of(row, "title") + text_of(row, "body")]);
  });
  return set;
}

Set read_departments(const std::filesystem::path& tickets) {
  Set set(feature_settings());
  Groups groups;
  for_each_row(tickets / "replies_departments.jsonl", [&](const Row& row) {
    const std::string department = text_of(row, "silver_dept");
    if (department.empty()) return;
    add(set, row, set.class_of(department), groups[text_of(row, "title") + text_of(row, "body")]);
  });
  return set;
}

}  // namespace hotline::bench
