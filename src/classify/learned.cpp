#include "classify/learned.hpp"

#include <algorithm>

#include <fmt/format.h>
#include <fmt/ranges.h>

namespace hotline::classify {
namespace {

constexpr std::array head_names{"category", "department", "inquiry"};
/// Labels that a message names.
constexpr std::size_t named_max = 5;
static_assert(head_names.size() == head_kinds);

std::string_view name_of(HeadKind kind) { return head_names[static_cast<std::size_t>(kind)]; }

std::uint32_t place_of(HeadKind kind, const std::string& label, const Directory& directory) {
  if (kind == HeadKind::category) {
    const auto index = directory.category_index(label);
    return index ? static_cast<std::uint32_t>(*index) : Learned::unknown;
  }
  const DepartmentInfo* found = directory.department(label);
  if (found == nullptr) return Learned::unknown;
  return static_cast<std::uint32_t>(found - directory.departments().data());
}

/// The confidence from which on `precision` is proven; the reason when it is not.
Result<double> threshold_of(const HeadInfo& head, double precision) {
  constexpr double single_precision = 1e-6;
  double proven = 0;
  for (const PrecisionThreshold& threshold : head.thresholds) {
    const bool reached = threshold.confidence <= 1;
    if (reached) proven = double{threshold.precision};
    if (double{threshold.precision} + single_precision < precision) continue;
    if (reached) return double{threshold.confidence};
    return fail(ErrorCode::invalid,
                fmt::format("its {} head, learned from {} rows, does not prove a precision of {}: "
                            "that takes at least {} decisions that are right, among rows it did "
                            "not learn from. Train with more rows, or set "
                            "classification.precision {}",
                            name_of(head.kind), head.rows, precision, threshold.rows,
                            proven > 0 ? fmt::format("to the {:.4g} that it proves", proven)
                                       : "to 1, so that it only proposes"));
  }
  return fail(ErrorCode::invalid,
              fmt::format("its {} head has no threshold for a precision of {}: train again with "
                          "this target, or set classification.precision to 1, so that it only "
                          "proposes",
                          name_of(head.kind), precision));
}

}  // namespace

Result<std::shared_ptr<const Learned>> Learned::join(std::shared_ptr<const Model> model,
                                                     const Directory& directory,
                                                     const LearnedOptions& options) {
  const std::size_t heads = model->heads().size();
  std::shared_ptr<Learned> made(new Learned(std::move(model), options.rules_confidence));
  for (std::size_t i = 0; i < heads; ++i) {
    if (auto joined = made->join_head(i, directory, options.precision); !joined) {
      return tl::make_unexpected(std::move(joined.error()));
    }
  }
  return made;
}

Result<void> Learned::join_head(std::size_t index, const Directory& directory, double precision) {
  const HeadInfo& info = model_->heads()[index];
  Head head{.index = index};
  if (info.kind != HeadKind::inquiry) {
    if (auto found = find_labels(info, directory, head); !found) return found;
  }
  if (precision < 1) {
    const bool dispatches = info.kind == HeadKind::category || (info.kind == HeadKind::department &&
                                                                !model_->head(HeadKind::category));
    auto threshold = threshold_of(info, precision);
    if (!threshold && dispatches) return tl::make_unexpected(std::move(threshold.error()));
    if (threshold) {
      head.automatic_from = *threshold;
    } else {
      notes_.push_back(threshold.error().detail + ". Until then this head only proposes");
    }
  }
  heads_[static_cast<std::size_t>(info.kind)] = std::move(head);
  return {};
}

Result<void> Learned::find_labels(const HeadInfo& info, const Directory& directory, Head& head) {
  std::vector<std::string_view> missing;
  for (const ClassInfo& one : info.classes) {
    head.places.push_back(place_of(info.kind, one.label, directory));
    if (head.places.back() == unknown) missing.push_back(one.label);
  }
  if (missing.empty()) return {};
  const std::span<const std::string_view> shown(missing.data(),
                                                std::min(missing.size(), named_max));
  const std::string named =
      fmt::format("{} of the {} classes of its {} head are not in the catalogue ({}{})",
                  missing.size(), info.classes.size(), name_of(info.kind), fmt::join(shown, ", "),
                  missing.size() > shown.size() ? ", ..." : "");
  if (missing.size() == info.classes.size()) {
    return fail(ErrorCode::invalid, named + ": it was trained for another catalogue");
  }
  notes_.push_back(named + ": they are never proposed; train again with the codes in force");
  return {};
}

void Opinion::read() {
  if (read_) return;
  bag_.read(text_, learned_->model().settings());
  learned_->model().score(bag_, scores_);
  read_ = true;
}

Proposals Opinion::ask(HeadKind kind) {
  Proposals proposals;
  const Learned::Head* asked = head(kind);
  if (asked == nullptr) return proposals;
  read();
  const Guesses guesses = learned_->model().guess(scores_, asked->index);
  for (std::size_t i = 0; i < guesses.count; ++i) {
    const Guess& guess = guesses.best[i];
    const std::uint32_t place =
        asked->places.empty() ? Learned::unknown : asked->places[guess.of_class];
    proposals.add({place, guess.of_class, double{guess.probability}});
  }
  return proposals;
}

std::size_t Opinion::explain(HeadKind kind, std::uint16_t of_class, std::span<Spoke> out) {
  return learned_->model().explain(bag_, head(kind)->index, of_class, out);
}

}  // namespace hotline::classify
