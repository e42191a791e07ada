#include "learn/session.hpp"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "client/progress.hpp"
#include "learn/report.hpp"
#include "learn/report_tables.hpp"
#include "learn/whole_file.hpp"

namespace hotline::learn {
namespace {

using client::Exit;
using client::Progress;
using client::Steady;
using client::Terminal;

void tell_fault(const Terminal& terminal, const Error& error) {
  terminal.err << "hotline-train: " << error.detail << '\n';
  for (const auto& each : error.errors) terminal.err << each.pointer << ": " << each.detail << '\n';
}

/// Every row of all files, in their order.
class HistoryFiles {
 public:
  HistoryFiles(const client::ColumnMap& columns, const Terminal& terminal)
      : columns_(columns),
        progress_(terminal.err, terminal.interactive, "read", 0, Steady::now()) {}

  Result<std::vector<HistoryRow>> read(const std::vector<std::string>& files) {
    std::vector<HistoryRow> rows;
    for (const auto& file : files) {
      auto more =
          read_history(file, columns_, [this] { progress_.show(++count_, "rows", Steady::now()); });
      if (!more) return more;
      rows.insert(rows.end(), std::make_move_iterator(more->begin()),
                  std::make_move_iterator(more->end()));
    }
    return rows;
  }
  void finish() { progress_.finish(count_, "rows", Steady::now()); }

 private:
  const client::ColumnMap& columns_;
  Progress progress_;
  std::size_t count_ = 0;
};

Result<Histories> read_all(const SessionOptions& options, const Terminal& terminal) {
  const auto columns = client::read_column_map(options.columns, history_fields);
  if (!columns) return tl::make_unexpected(columns.error());
  HistoryFiles files(*columns, terminal);
  Histories histories;
  for (auto [names, rows] : {std::pair(&options.files, &histories.own),
                             std::pair(&options.other_city, &histories.other_city)}) {
    auto read = files.read(*names);
    if (!read) return tl::make_unexpected(std::move(read.error()));
    *rows = std::move(*read);
  }
  auto later = files.read(options.added);
  if (!later) return tl::make_unexpected(std::move(later.error()));
  files.finish();
  // A history may correct itself, too.
  auto own = std::exchange(histories.own, {});
  add_rows(histories.own, std::move(own), std::nullopt);
  if (options.added.empty()) return histories;
  const Added told = add_rows(histories.own, std::move(*later), options.since);
  terminal.err << fmt::format("later rows: {} added, {} replace earlier ones, {} left out\n",
                              told.added, told.replaced, told.earlier);
  return histories;
}

/// Trains head after head and draws how far all of them are.
class Trainer {
 public:
  Trainer(const TrainingSet& set, const TrainerOptions& options, const Terminal& terminal)
      : set_(set),
        options_(options),
        progress_(terminal.err, terminal.interactive, "train", total(), Steady::now()) {}

  Result<TrainedHead> train(const HeadPlan& plan) {
    const std::string title = std::string(title_of(plan.task.kind)) + ' ';
    detail_ = title;
    auto head =
        learn::train(set_.texts, plan.task, options_,
                     {.say = [&](std::string_view line) { detail_ = title + std::string(line); },
                      .learned = [this](std::size_t samples) { advance(samples); }});
    if (!head) advance(work_of(plan.task, options_));
    return head;
  }
  void finish() { progress_.finish(done_, {}, Steady::now()); }

 private:
  std::uint64_t total() const {
    std::uint64_t all = 0;
    for (const HeadPlan& plan : set_.heads) all += work_of(plan.task, options_);
    return all;
  }
  void advance(std::size_t samples) {
    done_ += samples;
    progress_.show(done_, detail_, Steady::now());
  }

  const TrainingSet& set_;
  const TrainerOptions& options_;
  Progress progress_;
  std::uint64_t done_ = 0;
  std::string detail_;
};

std::string note_about(const HeadPlan& plan) {
  std::set<std::uint16_t> labels;
  std::size_t rows = 0;
  for (const Sample& sample : plan.task.samples) {
    if (!sample.own) continue;
    labels.insert(sample.label);
    ++rows;
  }
  return fmt::format("{}未训练:可用工单 {} 件、标签 {} 种,不足以学习(至少 {} 件、两种)",
                     title_of(plan.task.kind), rows, labels.size(), rows_min);
}

/// Trains what can be trained; fails when that is nothing.
Result<std::vector<TrainedHead>> train_all(const TrainingSet& set, const TrainerOptions& options,
                                           const Terminal& terminal, Report& report,
                                           std::vector<const HeadPlan*>& plans) {
  Trainer trainer(set, options, terminal);
  std::vector<TrainedHead> heads;
  std::vector<std::string> refusals;
  for (const HeadPlan& plan : set.heads) {
    auto head = trainer.train(plan);
    if (head) {
      heads.push_back(std::move(*head));
      plans.push_back(&plan);
      continue;
    }
    refusals.push_back(fmt::format("{}: {}", title_of(plan.task.kind), head.error().detail));
    report.notes.push_back(note_about(plan));
  }
  trainer.finish();
  for (const auto& refusal : refusals) terminal.err << "left out: " << refusal << '\n';
  if (!heads.empty()) return heads;
  return fail(ErrorCode::invalid, "nothing can be learned from these rows; no model was written");
}

Result<void> write_all(const SessionOptions& options, const std::string& model,
                       const Report& report) {
  // What the daemon would refuse must not replace what it would take.
  if (const auto read = classify::Model::from_bytes(model); !read) {
    return tl::make_unexpected(read.error());
  }
  if (auto written = write_whole(options.output, model); !written) return written;
  if (options.report.empty()) return {};
  return write_whole(options.report, html_report(report));
}

Result<void> run(const SessionOptions& options, const Terminal& terminal) {
  auto histories = read_all(options, terminal);
  if (!histories) return tl::make_unexpected(std::move(histories.error()));
  const auto set = make_training_set(std::move(*histories));
  if (!set) return tl::make_unexpected(set.error());
  terminal.err << fmt::format("{} rows on {} different matters\n", set->rows, set->matters);
  TrainerOptions trainer;
  trainer.precisions = options.precisions;
  std::sort(trainer.precisions.begin(), trainer.precisions.end());
  Report report{.set = *set, .model_bytes = 0, .heads = {}, .notes = {}};
  std::vector<const HeadPlan*> plans;
  const auto heads = train_all(*set, trainer, terminal, report, plans);
  if (!heads) return tl::make_unexpected(heads.error());
  const std::string model = model_of(set->texts, set->version, *heads, set->words);
  report.model_bytes = model.size();
  for (std::size_t i = 0; i < heads->size(); ++i) {
    report.heads.push_back({*plans[i], (*heads)[i], figures_of((*heads)[i])});
  }
  if (auto written = write_all(options, model, report); !written) return written;
  terminal.out << text_report(report) << "\n模型:" << options.output.string() << '\n';
  if (!options.report.empty()) terminal.out << "报告:" << options.report.string() << '\n';
  return {};
}

}  // namespace

client::Exit run_session(const SessionOptions& options, const client::Terminal& terminal) {
  const auto done = run(options, terminal);
  if (done) return Exit::ok;
  tell_fault(terminal, done.error());
  return Exit::failed;
}

}  // namespace hotline::learn
