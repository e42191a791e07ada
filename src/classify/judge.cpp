#include "classify/judge.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <tuple>

#include "classify/evidence.hpp"
#include "classify/evidence_tally.hpp"
#include "classify/gazetteer.hpp"
#include "classify/learned.hpp"
#include "classify/special.hpp"

namespace hotline::classify {
namespace {

constexpr std::string_view operator_rule = "operator";
constexpr std::string_view gazetteer_rule = "gazetteer";
constexpr std::array<std::string_view, head_kinds> model_rules{"model.category", "model.department",
                                                               "model.inquiry"};
/// N-grams that explain one head's proposal.
constexpr std::size_t model_words_max = 4;
/// Above any evidence that phrases can give, so that an operator's word is the first reason.
constexpr double operator_weight = 1'000;
constexpr double place_weight = 1;

/// One ticket's way through the catalogue; lives during one call.
class Judgement {
 public:
  Judgement(const ClassifyInput& input, Day day, const Phrasebook& phrases,
            const Directory& directory, const Learned* learned)
      : input_(input),
        day_(day),
        phrases_(phrases),
        directory_(directory),
        learned_(learned),
        opinion_(learned, {input.title, input.content, input.channel, input.region}),
        tally_(phrases, directory) {}

  Classification reach() {
    read();
    find_out_place();
    find_out_type();
    tally_.weigh(findings_, {result_.type, input_.channel, day_});
    weigh_elsewhere();
    propose_category();
    decide_handling();
    decide_lead();
    decide_confidence();
    propose_departments();
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
    if (input_.type) return;
    add_reason(found);
    if (found.row == nullptr) recognise_inquiry();
  }

  /// Citizens ask in many more ways than phrases can list.
  void recognise_inquiry() {
    const Learned::Head* head = opinion_.head(HeadKind::inquiry);
    if (head == nullptr || head->automatic_from > 1) return;
    const Proposals answer = opinion_.ask(HeadKind::inquiry);
    const Proposal& yes = answer.view().front();
    if (yes.probability < head->automatic_from) return;
    result_.type = TicketType::inquiry;
    add_model_reasons(HeadKind::inquiry, yes.of_class);
  }

  void find_out_place() {
    const PlaceFound place =
        find_place(input_.region, findings_.region.view(), phrases_, directory_);
    if (place.region == nullptr) return;
    result_.region = place.region->code;
    opinion_.set_region(result_.region);
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
    if (!fixed) rank_by_rules();
    if (fixed || confidence_ >= rules_confidence()) {
      for (const Score& score : tally_.scores()) {
        if (result_.candidates.size() == candidates_max) break;
        if (fixed && *fixed == score.category) continue;
        add_candidate(*score.row, share(score.evidence));
      }
    } else {
      ask_for_category();
    }
    if (row_ != nullptr) result_.category = row_->info.code;
  }

  double rules_confidence() const { return learned_ == nullptr ? 0 : learned_->rules_confidence(); }

  void rank_by_rules() {
    if (tally_.scores().empty()) return;
    row_ = tally_.scores().front().row;
    confidence_ = confidence_of_text();
  }

  /// Rules and model are ranked together: the rules' shares count for as much as the rules are sure
  /// of, the model's probabilities for the rest. Where both do not agree on the first, neither
  /// decides.
  void ask_for_category() {
    const Proposals proposals = opinion_.ask(HeadKind::category);
    BoundedList<Ranked, 2 * candidates_max> ranked;
    for (const Score& score : first_scores()) {
      ranked.add({score.category, score.row, confidence_ * share(score.evidence)});
    }
    for (const Proposal& proposal : proposals.view()) {
      if (proposal.place == Learned::unknown) continue;
      const CategoryRow* row = directory_.in_force(proposal.place, day_);
      if (row == nullptr) continue;
      add_ranked(ranked, {proposal.place, row, (1 - confidence_) * proposal.probability});
    }
    const std::span<Ranked> view = ranked.view();
    if (view.empty()) return;
    const auto shown = view.first(std::min(view.size(), candidates_max));
    std::ranges::partial_sort(view, shown.end(), [](const Ranked& a, const Ranked& b) {
      return a.score != b.score ? a.score > b.score : a.category < b.category;
    });
    for (const Ranked& each : shown) add_candidate(*each.row, each.score);
    row_ = view.front().row;
    const Proposal& best = proposals.empty() ? Proposal{} : proposals.view().front();
    if (best.place != view.front().category) return;
    confidence_ = best.probability;
    // What may be another channel's matter is a person's, whatever the model makes of it.
    const bool special = elsewhere_.row != nullptr;
    automatic_from_ = special ? out_of_reach : opinion_.head(HeadKind::category)->automatic_from;
    add_model_reasons(HeadKind::category, best.of_class);
  }

  std::span<const Score> first_scores() const {
    const auto scores = tally_.scores();
    return scores.first(std::min(scores.size(), candidates_max));
  }

  struct Ranked {
    std::uint32_t category;
    const CategoryRow* row;
    double score;
  };
  template <typename List>
  static void add_ranked(List& ranked, const Ranked& one) {
    for (Ranked& known : ranked.view()) {
      if (known.category != one.category) continue;
      known.score += one.score;
      return;
    }
    ranked.add(one);
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
    if (result_.lead.empty() || rules_are_silent()) ask_for_lead();
    const std::string_view above = directory_.department_above(result_.lead);
    if (!above.empty()) result_.copy.emplace_back(above);
  }

  /// The model knows departments and no categories, and the rules are not sure of theirs.
  bool rules_are_silent() const {
    return opinion_.head(HeadKind::category) == nullptr && !category_fixed_ &&
           department_ == nullptr && confidence_ < rules_confidence();
  }

  /// Who handled such matters before? Not of an inquiry that nobody could tell the category of: the
  /// centre may answer it itself.
  void ask_for_lead() {
    if (!result_.handling && result_.type == TicketType::inquiry) return;
    departments_ = opinion_.ask(HeadKind::department);
    if (departments_.empty() || departments_.view().front().place == Learned::unknown) return;
    const Proposal& best = departments_.view().front();
    const bool rules_louder =
        !result_.lead.empty() && (1 - confidence_) * best.probability <= confidence_;
    if (rules_louder) return;
    lead_proposal_ = best;
    result_.lead = directory_.departments()[best.place].code;
    result_.handling = Handling::transferred;
    add_model_reasons(HeadKind::department, best.of_class);
  }

  void decide_confidence() {
    const bool way_fixed = input_.handling == Handling::direct || department_ != nullptr;
    if (way_fixed || category_fixed_) {
      confidence_ = 1;
      automatic_from_.reset();
    }
    if (lead_proposal_ && !way_fixed) join_lead();
    const bool lead_unknown = result_.handling == Handling::transferred && result_.lead.empty();
    if (lead_unknown) confidence_ = std::min(confidence_, lead_unknown_confidence_max);
    result_.confidence = confidence_;
    result_.automatic_from = automatic_from_;
  }

  /// A ticket goes by itself to a lead that the model named when both the category, where there is
  /// one, and the lead are sure; the confidence shown is of the one that is in doubt.
  void join_lead() {
    const bool category_sure = row_ == nullptr || rules_are_silent() ||
                               confidence_ >= automatic_from_.value_or(rules_confidence());
    if (!category_sure) return;
    const bool special = elsewhere_.row != nullptr && !category_fixed_;
    confidence_ = lead_proposal_->probability;
    automatic_from_ = special ? out_of_reach : opinion_.head(HeadKind::department)->automatic_from;
  }

  /// Fills the candidates up with departments that handled such matters before, for the person who
  /// decides.
  void propose_departments() {
    const bool sure = !result_.lead.empty() && !result_.candidates.empty() &&
                      result_.confidence >= result_.automatic_from.value_or(rules_confidence());
    if (sure || department_ != nullptr || result_.handling == Handling::direct) return;
    if (departments_.empty()) departments_ = opinion_.ask(HeadKind::department);
    for (const Proposal& proposal : departments_.view()) {
      if (proposal.place != Learned::unknown) add_department(proposal);
    }
  }

  void add_department(const Proposal& proposal) {
    const std::string& code = directory_.departments()[proposal.place].code;
    std::vector<Candidate>& all = result_.candidates;
    for (Candidate& known : all) {
      if (known.department.empty() && known.category == result_.category) known.department = code;
      if (known.department == code) return;
    }
    if (all.size() == candidates_max) return;
    const double below = all.empty() ? 1 : all.back().score;
    all.push_back({result_.category, code, std::min(below, proposal.probability)});
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

  void add_model_reasons(HeadKind kind, std::uint16_t of_class) {
    std::array<Spoke, model_words_max> spoke;
    const std::size_t count = opinion_.explain(kind, of_class, spoke);
    for (const Spoke& each : std::span(spoke).first(count)) {
      const std::string_view word(each.word->text.data(),
                                  strnlen(each.word->text.data(), each.word->text.size()));
      result_.reasons.push_back({std::string(model_rules[static_cast<std::size_t>(kind)]),
                                 std::string(word), double{each.weight}});
    }
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
    // The model's words weigh little beside a phrase, and say all the same why it decided.
    const std::size_t room = reasons_max - std::min(result_.reasons.size(), reasons_max);
    for (const Contribution& contribution : view.first(std::min(view.size(), room))) {
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
  const Learned* const learned_;
  Opinion opinion_;
  Findings findings_;
  EvidenceTally tally_;
  SpecialFinding elsewhere_;
  double squares_ = 0;
  const CategoryRow* row_ = nullptr;            ///< of the category that is proposed
  bool category_fixed_ = false;                 ///< by the operator
  const DepartmentInfo* department_ = nullptr;  ///< the operator's
  double confidence_ = 0;                       ///< that the category is right
  std::optional<double> automatic_from_;        ///< set where the model had a part
  Proposals departments_;                       ///< the model's, when it was asked
  std::optional<Proposal> lead_proposal_;       ///< the lead is this one, the model's
  Classification result_;
};

}  // namespace

Classification judge(const ClassifyInput& input, Day day, const Phrasebook& phrases,
                     const Directory& directory, const Learned* learned) {
  return Judgement(input, day, phrases, directory, learned).reach();
}

}  // namespace hotline::classify
