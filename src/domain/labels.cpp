#include "domain/labels.hpp"

#include <algorithm>
#include <array>

#include "domain/decide.hpp"

namespace hotline {
namespace {

constexpr std::array<std::string_view, 4> deciding_moves{"dispatch", "direct", "rule", "amend"};

class Collector {
 public:
  void take(const Change& change) {
    if (std::ranges::count(deciding_moves, change.move) > 0) {
      change_ = &change;
      for (const Event& event : change.events) std::visit(*this, event);
    }
    ticket_ = evolve(std::move(ticket_), change);
  }
  Labels labels() { return std::move(labels_); }

  void operator()(const Dispatched& event) {
    if (event.assignment.role != Role::lead) return;
    label(labels_.department, event.assignment.department);
    label_category(event.category);
  }
  void operator()(const TakenDirect& event) { label_category(event.category); }
  void operator()(const Amended& event) {
    if (event.type) label(labels_.type, std::string(name(*event.type)));
    if (!event.category.empty()) label(labels_.category, event.category);
  }
  void operator()(const ReturnRuled& event) {
    const Assignment* lead =
        ticket_.objection ? ticket_.assignment(ticket_.objection->seq) : nullptr;
    if (lead == nullptr) return;
    if (!event.granted) return label(labels_.department, lead->department);
    if (labels_.department && labels_.department->value == lead->department) {
      labels_.department.reset();
    }
  }
  template <typename Other>
  void operator()(const Other&) {}

 private:
  /// `given` empty: left as it is, which says something only where it was looked at.
  void label_category(const std::string& given) {
    if (!given.empty()) return label(labels_.category, given);
    const bool looked_at = ticket_.status == Status::triage && !ticket_.category.empty();
    if (looked_at) label(labels_.category, ticket_.category);
  }
  void label(std::optional<Label>& into, std::string value) const {
    into = Label{std::move(value), change_->move, change_->at};
  }

  Ticket ticket_;  ///< before the change
  const Change* change_ = nullptr;
  Labels labels_;
};

}  // namespace

std::optional<Time> Labels::at() const {
  std::optional<Time> latest;
  for (const auto* label : {&category, &department, &type}) {
    if (*label) latest = std::max(latest.value_or((*label)->at), (*label)->at);
  }
  return latest;
}

Labels labels_of(const std::vector<Change>& story) {
  Collector collector;
  for (const Change& change : story) collector.take(change);
  return collector.labels();
}

}  // namespace hotline
