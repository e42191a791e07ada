#include "learn/training_set.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>
#include <tuple>
#include <unordered_map>
#include <xxhash.h>

#include <fmt/format.h>

#include "domain/vocabulary.hpp"
#include "learn/near_duplicates.hpp"
#include "learn/words.hpp"

namespace hotline::learn {
namespace {

using classify::HeadKind;

bool has_text(const HistoryRow& row) { return !row.title.empty() || !row.content.empty(); }

/// A row of a set with its number and its group.
struct Placed {
  const HistoryRow* row = nullptr;
  std::uint32_t text = 0;
  std::uint32_t group = 0;
  bool own = true;
};

bool is_inquiry(const HistoryRow& row) {
  return row.type == name(TicketType::inquiry) || row.type == chinese(TicketType::inquiry);
}

/// The label that a row gives a head; empty: none.
std::string_view label_of(const HistoryRow& row, HeadKind kind) {
  if (kind == HeadKind::category) return row.category;
  if (kind == HeadKind::department) return row.department;
  if (row.type.empty()) return {};
  return is_inquiry(row) ? name(TicketType::inquiry) : std::string_view("other");
}

std::string_view name_of(const HistoryRow& row, HeadKind kind) {
  return kind == HeadKind::category ? row.category_name : row.department_name;
}

struct Label {
  std::size_t own_rows = 0;
  std::size_t rows = 0;
  std::string name;  ///< the last one known
};

using Labels = std::map<std::string, Label, std::less<>>;

Labels labels_of(const std::vector<Placed>& rows, HeadKind kind) {
  Labels labels;
  for (const Placed& placed : rows) {
    const std::string_view label = label_of(*placed.row, kind);
    if (label.empty()) continue;
    Label& known = labels[std::string(label)];
    known.own_rows += placed.own ? 1 : 0;
    ++known.rows;
    if (const auto name = name_of(*placed.row, kind); !name.empty()) known.name = name;
  }
  return labels;
}

/// The classes of a head, and what is left out of it.
void choose_classes(const Labels& labels, HeadPlan& plan) {
  if (plan.task.kind == HeadKind::inquiry) {
    plan.task.labels = {std::string(name(TicketType::inquiry))};
    plan.names = {std::string(chinese(TicketType::inquiry))};
    return;
  }
  for (const auto& [code, label] : labels) {
    if (label.rows < label_rows_min) {
      ++plan.rare_labels;
      plan.rare_rows += label.own_rows;
      continue;
    }
    plan.task.labels.push_back(code);
    plan.names.push_back(label.name.empty() ? code : label.name);
  }
}

std::optional<std::uint16_t> class_of(const HeadTask& task, std::string_view label) {
  if (label.empty()) return std::nullopt;
  if (task.kind == HeadKind::inquiry) return label == task.labels[0] ? 1 : 0;
  const auto found = std::lower_bound(task.labels.begin(), task.labels.end(), label);
  if (found == task.labels.end() || *found != label) return std::nullopt;
  return static_cast<std::uint16_t>(found - task.labels.begin());
}

std::optional<HeadPlan> plan_head(const std::vector<Placed>& rows, HeadKind kind) {
  const Labels labels = labels_of(rows, kind);
  const bool decided = std::any_of(labels.begin(), labels.end(),
                                   [](const auto& entry) { return entry.second.own_rows > 0; });
  if (!decided) return std::nullopt;
  HeadPlan plan;
  plan.task.kind = kind;
  choose_classes(labels, plan);
  for (const Placed& placed : rows) {
    const auto label = class_of(plan.task, label_of(*placed.row, kind));
    if (!label) continue;
    plan.task.samples.push_back({placed.text, *label, placed.own});
    plan.task.groups.push_back(placed.group);
  }
  return plan;
}

// --- groups -------------------------------------------------------------------------------------

void group_rows(std::vector<Placed>& rows) {
  std::vector<std::string> texts;
  texts.reserve(rows.size());
  for (const Placed& placed : rows) texts.push_back(placed.row->title + '\n' + placed.row->content);
  const auto groups = near_duplicate_groups(texts);
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].group = groups[i];
}

/// Rows of the other city that nearly are one of the own would let a head see what it is judged
/// by.
std::size_t drop_copies(std::vector<Placed>& rows) {
  std::set<std::uint32_t> own;
  for (const Placed& placed : rows) {
    if (placed.own) own.insert(placed.group);
  }
  return std::erase_if(
      rows, [&](const Placed& placed) { return !placed.own && own.contains(placed.group); });
}

/// What the office calls a group goes before what looks like one.
void take_named_groups(std::vector<Placed>& rows) {
  std::map<std::string, std::uint32_t> named;
  std::uint32_t next = 0;
  for (const Placed& placed : rows) next = std::max(next, placed.group + 1);
  for (Placed& placed : rows) {
    if (placed.row->group.empty()) continue;
    const auto [found, fresh] = named.try_emplace(placed.row->group, next);
    next += fresh ? 1 : 0;
    placed.group = found->second;
  }
}

/// Keeps the newest `history_rows_max`, the older first. Answers how many went.
std::size_t leave_out_oldest(std::vector<HistoryRow>& rows) {
  if (rows.size() <= history_rows_max) return 0;
  std::vector<std::size_t> order(rows.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return std::tie(rows[a].labelled_at, a) < std::tie(rows[b].labelled_at, b);
  });
  const std::size_t left_out = rows.size() - history_rows_max;
  std::vector<HistoryRow> newest;
  newest.reserve(history_rows_max);
  for (std::size_t i = left_out; i < order.size(); ++i) {
    newest.push_back(std::move(rows[order[i]]));
  }
  rows = std::move(newest);
  return left_out;
}

std::vector<Placed> place_rows(Histories& histories, TrainingSet& set) {
  std::vector<Placed> rows;
  auto& own = histories.own;
  set.textless = std::erase_if(own, [](const HistoryRow& row) { return !has_text(row); });
  set.oldest_left_out = leave_out_oldest(own);
  for (const HistoryRow& row : own) rows.push_back({&row, 0, 0, true});
  for (const HistoryRow& row : histories.other_city) {
    if (has_text(row)) rows.push_back({&row, 0, 0, false});
  }
  group_rows(rows);
  set.copies = drop_copies(rows);
  take_named_groups(rows);
  // One group after the other, as the collector of words wants them, and in a group as they came.
  std::sort(rows.begin(), rows.end(), [](const Placed& a, const Placed& b) {
    return std::tuple(!a.own, a.group, a.row) < std::tuple(!b.own, b.group, b.row);
  });
  for (std::size_t i = 0; i < rows.size(); ++i) rows[i].text = static_cast<std::uint32_t>(i);
  return rows;
}

// --- texts --------------------------------------------------------------------------------------

/// With so many classes the most buckets that stay under the bound; 0: none does.
std::uint8_t buckets_log2(const std::vector<HeadPlan>& heads, std::size_t words) {
  std::size_t classes = 0;
  for (const HeadPlan& plan : heads) classes += plan.task.labels.size();
  if (classes > classify::classes_max) return 0;
  constexpr std::uint8_t most = 17;
  constexpr std::uint8_t least = 13;
  constexpr std::size_t bytes_aside = 256UL << 10;  // header, labels
  const std::size_t taken = bytes_aside + words * sizeof(classify::Word);
  for (std::uint8_t log2 = most; log2 >= least; --log2) {
    const std::size_t rows = classify::model_row_bytes(heads.size(), classes) << log2;
    if (rows + taken <= trained_bytes_max) return log2;
  }
  return 0;
}

void hash_text(XXH3_state_t& state, std::string_view text) {
  const std::uint64_t size = text.size();
  XXH3_64bits_update(&state, &size, sizeof size);
  XXH3_64bits_update(&state, text.data(), text.size());
}

std::string version_of(const std::vector<Placed>& rows) {
  XXH3_state_t* const state = XXH3_createState();
  XXH3_64bits_reset(state);
  std::optional<Time> last;
  for (const Placed& placed : rows) {
    const HistoryRow& row = *placed.row;
    hash_text(*state, placed.own ? "own" : "other");
    for (const auto* text : {&row.title, &row.content, &row.channel, &row.region, &row.category,
                             &row.department, &row.type}) {
      hash_text(*state, *text);
    }
    if (placed.own && row.labelled_at) last = std::max(last, row.labelled_at);
  }
  const auto hash = static_cast<std::uint32_t>(XXH3_64bits_digest(state));
  XXH3_freeState(state);
  const std::string day = last ? format_day(local_day(*last, china_offset)) + "+" : "";
  return fmt::format("{}{:08x}", day, hash);
}

void read_texts(const std::vector<Placed>& rows, TrainingSet& set) {
  for (const Placed& placed : rows) {
    const HistoryRow& row = *placed.row;
    set.texts.add({row.title, row.content, row.channel, row.region});
  }
}

std::vector<classify::Word> words_of(const std::vector<Placed>& rows) {
  WordCollector words;
  for (const Placed& placed : rows) {
    if (placed.own) words.add(placed.row->title + '\n' + placed.row->content, placed.group);
  }
  return words.words();
}

void count_rows(const std::vector<Placed>& rows, TrainingSet& set) {
  std::optional<std::uint32_t> last;
  for (const Placed& placed : rows) {
    if (!placed.own) {
      ++set.borrowed;
      continue;
    }
    ++set.rows;
    set.matters += last != placed.group ? 1 : 0;
    last = placed.group;
  }
}

}  // namespace

Added add_rows(std::vector<HistoryRow>& history, std::vector<HistoryRow> later,
               std::optional<Time> since) {
  Added told;
  std::unordered_map<std::string, std::size_t> known;
  for (std::size_t i = 0; i < history.size(); ++i) {
    if (!history[i].id.empty()) known[history[i].id] = i;
  }
  for (HistoryRow& row : later) {
    if (since && (!row.labelled_at || *row.labelled_at < *since)) {
      ++told.earlier;
      continue;
    }
    const auto found = row.id.empty() ? known.end() : known.find(row.id);
    if (found != known.end()) {
      history[found->second] = std::move(row);
      ++told.replaced;
      continue;
    }
    if (!row.id.empty()) known[row.id] = history.size();
    history.push_back(std::move(row));
    ++told.added;
  }
  return told;
}

Result<TrainingSet> make_training_set(Histories histories) {
  TrainingSet set{
      .texts = Texts(classify::FeatureSettings{}), .heads = {}, .words = {}, .version = {}};
  const std::vector<Placed> rows = place_rows(histories, set);
  count_rows(rows, set);
  for (const HeadKind kind : {HeadKind::category, HeadKind::department, HeadKind::inquiry}) {
    if (auto plan = plan_head(rows, kind)) set.heads.push_back(std::move(*plan));
  }
  if (set.heads.empty()) {
    return fail(ErrorCode::invalid,
                fmt::format("none of the {} rows with text has a category, a department or a type: "
                            "there is nothing to learn; --map category=COLUMN names a column",
                            set.rows));
  }
  set.words = words_of(rows);
  classify::FeatureSettings settings;
  settings.buckets_log2 = buckets_log2(set.heads, set.words.size());
  if (settings.buckets_log2 == 0) {
    return fail(ErrorCode::invalid,
                "the rows have more categories and departments than a model of 8 MiB holds (about "
                "980); train on categories of a higher level");
  }
  set.texts = Texts(settings);
  read_texts(rows, set);
  set.version = version_of(rows);
  return set;
}

}  // namespace hotline::learn
