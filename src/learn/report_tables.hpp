#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/layout.hpp"
#include "learn/report.hpp"

/// What both forms of the report show, as tables.
namespace hotline::learn {

struct ReportTable {
  std::string title;
  std::vector<client::Table::Column> columns;
  std::vector<std::vector<std::string>> rows;
};

/// `92.5%`.
std::string percent(double share);
/// 类别, 承办单位 or 咨询识别.
std::string_view title_of(classify::HeadKind kind);
/// Of a class as the figures count them.
std::string class_name(const HeadReport& head, std::size_t of_class);

ReportTable set_table(const Report& report);
ReportTable head_table(const HeadReport& head);
ReportTable threshold_table(const HeadReport& head);
ReportTable class_table(const HeadReport& head);
/// The most frequent mistakes, at most `most`.
ReportTable mistake_table(const HeadReport& head, std::size_t most);

}  // namespace hotline::learn
