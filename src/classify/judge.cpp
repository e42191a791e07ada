#include "classify/judge.hpp"

#include <algorithm>
#include <tuple>

#include "classify/evidence.hpp"
#include "classify/evidence_tally.hpp"
#include "classify/gazetteer.hpp"
#include "classify/special.hpp"

namespace hotline::classify {
namespace {

constexpr std::string_view operator_rule = "operator";
constexpr std::string_view gazetteer_rule = "gazetteer";
/// Above any evidence that phrases can give, so that an operator's word is the first reason.
constexpr double operator_weight = 1'000;
constexpr double place_weight = 1;

/// One ticket's way through the catalogue; lives during one call.
class Judgement {
 public:
  Judgement(const ClassifyInput& input, Day day, const Phrasebook& phrases,
            const Directory& directory)
      : input_(input),
        day_(day),
        phrases_(phrases),
        directory_(directory),
        tally_(phrases, directory) {}

  Classification reach() {
    read();
    find_out_type();
    find_out_place();
    tally_.weigh(findings_, {result_.type, input_.channel, day_});
    weigh_elsewhere();
    propose_category();
    decide_handling();
    decide_lead();
    decide_confidence();
    flag_special();
    explain();
    return std::move(result_);
  }

 private:
  void read() {
    const Automaton& automaton = phrases_.automaton();
    constexpr auto everything = static_cast<LayerMask>((1U << layer_count) - 1);
    scan(automaton, input_.title, Field::title, everything, findings_);
    scan(automaton, input_.content, Field::content, everything, findings_);
    // An address names places, not matters: beside the hospital is not about the hospital.
    scan(automaton, input_.address, Field::address, mask(Layer::region), findings_);
  }

  void find_out_type() {
    const SpecialFinding found = find_type(findings_, phrases_);
    result_.type = input_.type.value_or(type_of(found));
    if (!input_.type) add_reason(found);
  }

  void find_out_place() {
    const PlaceFound place =
        find_place(input_.region, findings_.region.view(), phrases_, directory_);
    if (place.region == nullptr) return;
    result_.region = place.region->code;
    if (place.phrase != nullptr) {
      result_.reasons.push_back({std::string(gazetteer_rule), place.phrase->text, place_weight});
    }
  }

  void weigh_elsewhere() {
    elsewhere_ = find_elsewhere(findings_, phrases_);
    squares_ = elsewhere_.evidence * elsewhere_.evidence;
    for (const Score& score : tally_.scores()) squares_ += score.evidence * score.evidence;
  }

  double share(double evidence) const { return squares_ > 0 ? evidence * evidence / squares_ : 0; }

  std::string_view lead_of(const CategoryRow& row) const {
    if (row.info.department == region_department) {
      return directory_.local_department(result_.region);
    }
    return row.info.department;
  }

  std::optional<Handling> handling_of(const CategoryRow& row) const {
    if (row.handling) return row.handling;
    const bool answered = result_.type == TicketType::inquiry && row.answerable;
    return answered ? Handling::direct : Handling::transferred;
  }

  void propose_category() {
    const auto fixed = directory_.category_index(input_.category);
    if (fixed) {
      row_ = &directory_.in_force_or_latest(*fixed, day_);
      add_candidate(*row_, 1);
      add_operator_reason(row_->info.name);
    }
    category_fixed_ = fixed.has_value();
    for (const Score& score : tally_.scores()) {
      if (result_.candidates.size() == candidates_max) break;
      if (fixed && *fixed == score.category) continue;
      if (row_ == nullptr) row_ = score.row;
      add_candidate(*score.row, share(score.evidence));
    }
    if (row_ != nullptr) result_.category = row_->info.code;
  }

  void add_candidate(const CategoryRow& row, double score) {
    result_.candidates.push_back({row.info.code, std::string(lead_of(row)), score});
  }

  void decide_handling() {
    if (row_ != nullptr) result_.handling = handling_of(*row_);
    department_ = directory_.department(input_.department);
    if (department_ != nullptr) result_.handling = Handling::transferred;
    if (input_.handling) result_.handling = input_.handling;
    if (input_.handling) add_operator_reason(chinese(*input_.handling));
  }

  void decide_lead() {
    if (department_ != nullptr) add_operator_reason(department_->name);
    if (result_.handling == Handling::direct) return;
    if (department_ != nullptr) {
      result_.lead = department_->code;
    } else if (row_ != nullptr) {
      result_.lead = lead_of(*row_);
    }
    const std::string_view above = directory_.department_above(result_.lead);
    if (!above.empty()) result_.copy.emplace_back(above);
  }

  void decide_confidence() {
    const bool way_fixed = input_.handling == Handling::direct || department_ != nullptr;
    result_.confidence = way_fixed || category_fixed_ ? 1 : confidence_of_text();
    const bool lead_unknown = result_.handling == Handling::transferred && result_.lead.empty();
    if (lead_unknown) {
      result_.confidence = std::min(result_.confidence, lead_unknown_confidence_max);
    }
  }

  double confidence_of_text() const {
    if (tally_.scores().empty()) return 0;
    const double best = tally_.scores().front().evidence;
    double agreement = 0;
    for (const Score& score : tally_.scores()) {
      if (same_way(*score.row)) agreement += share(score.evidence);
    }
    return strength(best) * (share(best) + agreement) / 2;
  }

  bool same_way(const CategoryRow& row) const {
    if (handling_of(row) != handling_of(*row_)) return false;
    return handling_of(row) == Handling::direct || lead_of(row) == lead_of(*row_);
  }

  void flag_special() {
    if (department_ != nullptr || input_.handling) return;
    flag_emergency();
    if (category_fixed_ || elsewhere_.row == nullptr) return;
    add_reason(elsewhere_);
    const double confidence = strength(elsewhere_.evidence) * share(elsewhere_.evidence);
    if (confidence >= elsewhere_confidence_min) result_.channel_to_tell = elsewhere_.row->to;
  }

  /// Praise and suggestions speak of fires without there being one.
  void flag_emergency() {
    if (result_.type == TicketType::praise || result_.type == TicketType::suggestion) return;
    const SpecialFinding found = find_emergency(findings_, phrases_);
    if (found.row == nullptr) return;
    result_.emergency = found.row->to;
    add_reason(found);
  }

  void add_reason(const SpecialFinding& finding) {
    if (finding.row == nullptr) return;
    result_.reasons.push_back({finding.row->id, finding.phrase->text, finding.evidence});
  }

  void add_operator_reason(std::string_view words) {
    result_.reasons.push_back({std::string(operator_rule), std::string(words), operator_weight});
  }

  /// The heaviest words for the candidates come beside what was noted on the way.
  void explain() {
    BoundedList<Contribution, 256> telling;
    for (const Contribution& contribution : tally_.contributions()) {
      const std::string& code = directory_.categories()[contribution.category].code;
      const bool proposed =
          std::any_of(result_.candidates.begin(), result_.candidates.end(),
                      [&](const Candidate& candidate) { return candidate.category == code; });
      if (proposed) telling.add(contribution);
    }
    const std::span<Contribution> view = telling.view();
    std::sort(view.begin(), view.end(), [](const Contribution& a, const Contribution& b) {
      return comes_first(a.weight, *a.rule, *a.words, b.weight, *b.rule, *b.words);
    });
    for (const Contribution& contribution : view.first(std::min(view.size(), reasons_max))) {
      result_.reasons.push_back({*contribution.rule, *contribution.words, contribution.weight});
    }
    std::sort(result_.reasons.begin(), result_.reasons.end(), [](const Reason& a, const Reason& b) {
      return comes_first(a.weight, a.rule, a.words, b.weight, b.rule, b.words);
    });
    if (result_.reasons.size() > reasons_max) result_.reasons.resize(reasons_max);
  }

  /// Heaviest first; the rest only keeps the order the same everywhere.
  static bool comes_first(double weight_a, std::string_view rule_a, std::string_view words_a,
                          double weight_b, std::string_view rule_b, std::string_view words_b) {
    return std::tie(weight_b, rule_a, words_a) < std::tie(weight_a, rule_b, words_b);
  }

  const ClassifyInput& input_;
  const Day day_;
  const Phrasebook& phrases_;
  const Directory& directory_;
  Findings findings_;
  EvidenceTally tally_;
  SpecialFinding elsewhere_;
  double squares_ = 0;
  const CategoryRow* row_ = nullptr;            ///< of the category that is proposed
  bool category_fixed_ = false;                 ///< by the operator
  const DepartmentInfo* department_ = nullptr;  ///< the operator's
  Classification result_;
};

}  // namespace

Classification judge(const ClassifyInput& input, Day day, const Phrasebook& phrases,
                     const Directory& directory) {
  return Judgement(input, day, phrases, directory).reach();
}

}  // namespace hotline::classify
