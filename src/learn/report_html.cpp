#include <algorithm>

#include <fmt/format.h>

#include "learn/plots.hpp"
#include "learn/report.hpp"
#include "learn/report_tables.hpp"

namespace hotline::learn {
namespace {

/// A larger confusion table fits on no screen; the most frequent mistakes stand beside it anyway.
constexpr std::size_t confusion_classes_max = 40;
constexpr std::size_t mistakes_shown = 40;

constexpr std::string_view head_of_page = R"(<!DOCTYPE html>
<html lang="zh-CN">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>分类模型训练报告</title>
<style>
body { font: 15px/1.6 "Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif;
       color: #222; margin: 2em auto; max-width: 72em; padding: 0 1em; }
h1 { font-size: 1.6em; } h2 { margin-top: 2em; border-bottom: 2px solid #3465a4; } h3 { margin-bottom: .3em; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { border: 1px solid #ccc; padding: .15em .6em; text-align: left; }
th { background: #f2f4f7; font-weight: 600; }
.number { text-align: right; font-variant-numeric: tabular-nums; }
.confusion { font-size: .85em; } .confusion td { text-align: right; }
.plots { display: flex; flex-wrap: wrap; gap: 2em; }
.note { background: #fff6db; border-left: 4px solid #e0a800; padding: .4em 1em; }
svg text { fill: #333; font-size: 12px; text-anchor: middle; }
svg .title { font-size: 14px; font-weight: 600; } svg .side { text-anchor: end; } svg .label { text-anchor: start; fill: #a40000; }
svg .grid { stroke: #e3e3e3; } svg .ideal { stroke: #999; stroke-dasharray: 5 4; } svg .target { stroke: #cc0000; stroke-dasharray: 3 3; }
svg .curve { fill: none; stroke: #3465a4; stroke-width: 2; } svg .dot { fill: #3465a4; }
</style>
</head>
<body>
)";

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    switch (c) {
      case '&':
        out += "&amp;";
        break;
      case '<':
        out += "&lt;";
        break;
      case '>':
        out += "&gt;";
        break;
      case '"':
        out += "&quot;";
        break;
      default:
        out += c;
    }
  }
  return out;
}

std::string_view kind_of(client::Align align) {
  return align == client::Align::right ? " class=\"number\"" : "";
}

void put(const ReportTable& table, std::string& out) {
  if (table.rows.empty()) return;
  out += fmt::format("<h3>{}</h3>\n<div class=\"wide\"><table>\n<tr>", escaped(table.title));
  for (const auto& column : table.columns) out += fmt::format("<th>{}</th>", escaped(column.title));
  out += "</tr>\n";
  for (const auto& row : table.rows) {
    out += "<tr>";
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += fmt::format("<td{}>{}</td>", kind_of(table.columns[i].align), escaped(row[i]));
    }
    out += "</tr>\n";
  }
  out += "</table></div>\n";
}

/// Darker where more of the label's rows went; blue where that was right.
std::string cell_of(std::uint32_t rows, std::size_t of, bool right) {
  if (rows == 0) return "<td></td>";
  const double share =
      static_cast<double>(rows) / static_cast<double>(std::max<std::size_t>(1, of));
  return fmt::format("<td style=\"background:rgba({},{:.2f})\">{}</td>",
                     right ? "52,101,164" : "204,0,0", std::min(1.0, 0.1 + 0.5 * share), rows);
}

void put_confusion(const HeadReport& head, std::string& out) {
  const auto& confusion = head.figures.confusion;
  if (confusion.size() > confusion_classes_max) return;
  out +=
      "<h3>混淆表</h3>\n<p>行:实际的类;列:模型判定的类。</p>\n"
      "<div class=\"wide\"><table class=\"confusion\">\n<tr><th></th>";
  for (std::size_t i = 0; i < confusion.size(); ++i) {
    out += fmt::format("<th>{}</th>", escaped(class_name(head, i)));
  }
  out += "</tr>\n";
  for (std::size_t label = 0; label < confusion.size(); ++label) {
    out += fmt::format("<tr><th>{}</th>", escaped(class_name(head, label)));
    for (std::size_t decided = 0; decided < confusion.size(); ++decided) {
      out += cell_of(confusion[label][decided], head.figures.classes[label].rows, label == decided);
    }
    out += "</tr>\n";
  }
  out += "</table></div>\n";
}

void put_head(const HeadReport& head, std::string& out) {
  out += fmt::format("<h2>{}</h2>\n", title_of(head.plan.task.kind));
  put(head_table(head), out);
  put(threshold_table(head), out);
  out += "<div class=\"plots\">\n" + coverage_plot(head.figures) + reliability_plot(head.figures) +
         "</div>\n";
  put(class_table(head), out);
  put_confusion(head, out);
  put(mistake_table(head, mistakes_shown), out);
}

}  // namespace

std::string html_report(const Report& report) {
  std::string out(head_of_page);
  out +=
      "<h1>分类模型训练报告</h1>\n"
      "<p>所有数字来自留出检验:每件工单都由未见过它(以及近乎相同的工单)的模型判定;"
      "阈值与置信度校准也取自其余各份。</p>\n";
  for (const std::string& note : report.notes) {
    out += fmt::format("<p class=\"note\">{}</p>\n", escaped(note));
  }
  put(set_table(report), out);
  for (const HeadReport& head : report.heads) put_head(head, out);
  return out + "</body>\n</html>\n";
}

}  // namespace hotline::learn
