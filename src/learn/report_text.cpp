#include "learn/report.hpp"
#include "learn/report_tables.hpp"

namespace hotline::learn {
namespace {

constexpr std::size_t mistakes_shown = 10;

void put(const ReportTable& table, std::string& out) {
  if (table.rows.empty()) return;
  client::Table drawn(table.columns);
  for (const auto& row : table.rows) drawn.row(row);
  out += '\n' + table.title + '\n' + drawn.str();
}

}  // namespace

std::string text_report(const Report& report) {
  std::string out;
  put(set_table(report), out);
  out.erase(0, 1);
  for (const HeadReport& head : report.heads) {
    out += "\n【" + std::string(title_of(head.plan.task.kind)) + "】\n";
    put(head_table(head), out);
    put(threshold_table(head), out);
    put(class_table(head), out);
    put(mistake_table(head, mistakes_shown), out);
  }
  for (const std::string& note : report.notes) out += "\n注意:" + note + '\n';
  return out;
}

}  // namespace hotline::learn
