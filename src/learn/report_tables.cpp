#include "learn/report_tables.hpp"

#include <algorithm>
#include <tuple>

#include <fmt/format.h>

namespace hotline::learn {
namespace {

using client::Align;

std::string count(std::size_t number) { return fmt::format("{}", number); }

std::string decimals(double value) { return fmt::format("{:.3f}", value); }

void add_if_any(ReportTable& table, const char* what, std::size_t number) {
  if (number > 0) table.rows.push_back({what, count(number)});
}

}  // namespace

std::string percent(double share) { return fmt::format("{:.1f}%", 100 * share); }

std::string_view title_of(classify::HeadKind kind) {
  switch (kind) {
    case classify::HeadKind::category:
      return "类别";
    case classify::HeadKind::department:
      return "承办单位";
    case classify::HeadKind::inquiry:
      return "咨询识别";
  }
  return {};
}

std::string class_name(const HeadReport& head, std::size_t of_class) {
  if (head.plan.task.kind == classify::HeadKind::inquiry) return of_class == 1 ? "咨询" : "其他";
  const std::string& code = head.plan.task.labels[of_class];
  const std::string& name = head.plan.names[of_class];
  return name == code ? code : fmt::format("{} {}", code, name);
}

ReportTable set_table(const Report& report) {
  const TrainingSet& set = report.set;
  ReportTable table{"训练数据", {{"项目", Align::left}, {"数值", Align::right}}, {}};
  table.rows.push_back({"模型版本", set.version});
  table.rows.push_back(
      {"模型大小", fmt::format("{:.2f} MiB", static_cast<double>(report.model_bytes) / (1 << 20))});
  table.rows.push_back({"本市工单", count(set.rows)});
  table.rows.push_back({"其中互不相同的事项", count(set.matters)});
  add_if_any(table, "没有文字,未用", set.textless);
  add_if_any(table, "超出上限的最早工单,未用", set.oldest_left_out);
  add_if_any(table, "外市工单", set.borrowed);
  add_if_any(table, "与本市工单近乎相同的外市工单,未用", set.copies);
  return table;
}

ReportTable head_table(const HeadReport& head) {
  const HeadFigures& figures = head.figures;
  ReportTable table{"总体", {{"指标", Align::left}, {"数值", Align::right}}, {}};
  table.rows.push_back({"工单数(逐份留出检验)", count(figures.rows)});
  if (!figures.auc) table.rows.push_back({"类数", count(head.plan.task.labels.size())});
  table.rows.push_back({"准确率", percent(figures.accuracy)});
  table.rows.push_back({"宏平均 F1", decimals(figures.macro_f1)});
  if (figures.auc) {
    table.rows.push_back({"AUC", decimals(*figures.auc)});
  } else {
    table.rows.push_back({"前三候选命中率", percent(figures.top3)});
  }
  table.rows.push_back({"置信度偏差(ECE,10 等份)", decimals(figures.calibration_error)});
  table.rows.push_back(
      {"偏重少见字词(交叉检验选定)", head.trained.weighting.rarity > 0 ? "是" : "否"});
  table.rows.push_back({"惩罚系数 C(交叉检验选定)", fmt::format("{}", head.trained.c)});
  add_if_any(table, "工单过少而未学的标签", head.plan.rare_labels);
  add_if_any(table, "其工单", head.plan.rare_rows);
  return table;
}

ReportTable threshold_table(const HeadReport& head) {
  ReportTable table{"自动派单阈值",
                    {{"目标精确率", Align::right},
                     {"阈值(置信度)", Align::right},
                     {"覆盖率", Align::right},
                     {"留出检验:覆盖率", Align::right},
                     {"留出检验:精确率", Align::right}},
                    {}};
  const auto rows = static_cast<double>(std::max<std::size_t>(1, head.figures.rows));
  for (const ThresholdFigures& each : head.figures.thresholds) {
    const auto& threshold = each.threshold;
    const std::string target = percent(double{threshold.precision});
    if (threshold.confidence == classify::out_of_reach) {
      table.rows.push_back({target,
                            fmt::format("不设:至少需 {} 件无误的判定才能证明", threshold.rows), "-",
                            "-", "-"});
      continue;
    }
    const auto covered = static_cast<double>(each.covered);
    table.rows.push_back(
        {target, decimals(double{threshold.confidence}), percent(double{threshold.coverage}),
         percent(covered / rows),
         each.covered == 0 ? "-" : percent(static_cast<double>(each.right) / covered)});
  }
  return table;
}

ReportTable class_table(const HeadReport& head) {
  ReportTable table{"各类",
                    {{"类", Align::left},
                     {"工单", Align::right},
                     {"判为此类", Align::right},
                     {"精确率", Align::right},
                     {"召回率", Align::right},
                     {"F1", Align::right}},
                    {}};
  for (std::size_t i = 0; i < head.figures.classes.size(); ++i) {
    const ClassFigures& each = head.figures.classes[i];
    table.rows.push_back({class_name(head, i), count(each.rows), count(each.decided),
                          each.decided == 0 ? "-" : percent(each.precision()),
                          percent(each.recall()), decimals(each.f1())});
  }
  return table;
}

ReportTable mistake_table(const HeadReport& head, std::size_t most) {
  ReportTable table{
      "最常见的误判", {{"应为", Align::left}, {"判为", Align::left}, {"工单", Align::right}}, {}};
  std::vector<std::tuple<std::uint32_t, std::size_t, std::size_t>> mistakes;
  const auto& confusion = head.figures.confusion;
  for (std::size_t label = 0; label < confusion.size(); ++label) {
    for (std::size_t decided = 0; decided < confusion.size(); ++decided) {
      const std::uint32_t rows = confusion[label][decided];
      if (label != decided && rows > 0) mistakes.emplace_back(rows, label, decided);
    }
  }
  std::sort(mistakes.begin(), mistakes.end(), [](const auto& a, const auto& b) {
    if (std::get<0>(a) != std::get<0>(b)) return std::get<0>(a) > std::get<0>(b);
    return a < b;
  });
  mistakes.resize(std::min(mistakes.size(), most));
  for (const auto& [rows, label, decided] : mistakes) {
    table.rows.push_back({class_name(head, label), class_name(head, decided), count(rows)});
  }
  return table;
}

}  // namespace hotline::learn
