#include "client/csv_records.hpp"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "client/csv_rows.hpp"

namespace hotline::client {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 4> message_fields{
    {{"id", "source_id"}, {"time", "received_at"}, {"body", "content"}, {"text", "content"}}};

}  // namespace

Result<std::unique_ptr<CsvRecords>> CsvRecords::open(std::istream& in, const ColumnMap& columns,
                                                     const MessageMapping& mapping) {
  auto rows = std::make_unique<CsvRows>(in);
  const auto header = rows->next();
  if (!header) return fail(ErrorCode::invalid, "the file has no header row");
  if (!header->fault.empty()) return fail(ErrorCode::invalid, "the header row " + header->fault);
  std::vector<std::string> names;
  for (const auto& cell : header->cells) names.emplace_back(trimmed(cell));
  auto fields = fields_of_columns(names, columns, intake_fields, message_fields);
  if (!fields) return tl::make_unexpected(std::move(fields.error()));
  const auto filled = [&](const char* field) {
    return std::find(fields->begin(), fields->end(), field) != fields->end();
  };
  if (!filled("content") && !filled("title")) {
    return fail(ErrorCode::invalid,
                fmt::format("no column fills content: --map content=COLUMN; the columns are {}",
                            fmt::join(names, ", ")));
  }
  return std::unique_ptr<CsvRecords>(new CsvRecords(std::move(rows), std::move(*fields), mapping));
}

CsvRecords::CsvRecords(std::unique_ptr<CsvRows> rows, std::vector<std::string> fields,
                       MessageMapping mapping)
    : rows_(std::move(rows)), fields_(std::move(fields)), mapping_(std::move(mapping)) {}

CsvRecords::~CsvRecords() = default;

bool CsvRecords::skip() { return rows_->next().has_value(); }

std::optional<Record> CsvRecords::next() {
  const auto row = rows_->next();
  if (!row) return std::nullopt;
  if (!row->fault.empty()) return Record{row->line, fail(ErrorCode::malformed, row->fault)};
  IntakeCells cells;
  for (std::size_t i = 0; i < row->cells.size(); ++i) {
    const auto cell = trimmed(row->cells[i]);
    if (i >= fields_.size() && !cell.empty()) {
      return Record{row->line, fail(ErrorCode::malformed,
                                    "more cells than the header has; quote a "
                                    "cell that holds a comma")};
    }
    if (i < fields_.size() && !fields_[i].empty()) cells[fields_[i]] = cell;
  }
  return Record{row->line, map_cells(cells, row->line, mapping_)};
}

}  // namespace hotline::client
