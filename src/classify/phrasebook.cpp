#include "classify/phrasebook.hpp"

#include "classify/text.hpp"

namespace hotline::classify {

Phrase& Phrasebook::Collector::phrase(const std::string& text, Layer layer) {
  std::u32string symbols = normalise(text);
  const auto fresh = static_cast<std::uint32_t>(phrases.size());
  const auto [entry, added] = numbers.try_emplace(symbols, fresh);
  if (added) {
    patterns.push_back({std::move(symbols), 0});
    phrases.push_back({text, {}, {}, {}, {}});
  }
  LayerMask& layers = patterns[entry->second].layers;
  layers = static_cast<LayerMask>(layers | mask(layer));
  return phrases[entry->second];
}

void Phrasebook::Collector::enter(const std::string& text, Layer layer,
                                  std::vector<std::uint32_t> Phrase::*uses, std::uint32_t number) {
  std::vector<std::uint32_t>& numbers_of_use = phrase(text, layer).*uses;
  const bool twice_in_a_row = !numbers_of_use.empty() && numbers_of_use.back() == number;
  if (!twice_in_a_row) numbers_of_use.push_back(number);
}

Phrasebook::Phrasebook(const CatalogueFiles& files, const Directory& directory)
    : special_(files.special) {
  Collector collector;
  collect_rules(files, directory, collector);
  collect_special(collector);
  collect_regions(files, directory, collector);
  phrases_ = std::move(collector.phrases);
  automaton_ = Automaton(collector.patterns);
}

void Phrasebook::collect_rules(const CatalogueFiles& files, const Directory& directory,
                               Collector& collector) {
  for (const RuleRow& row : files.rules) {
    if (row.category == no_category) {
      for (const std::string& text : row.phrases) collector.phrase(text, Layer::topic);
      continue;
    }
    const auto number = static_cast<std::uint32_t>(rules_.size());
    Rule rule{row.id, 0, row.weight, 0, row.channels, !row.unless.empty()};
    rule.category = static_cast<std::uint32_t>(directory.category_index(row.category).value());
    for (const TicketType type : row.types) rule.types |= 1U << static_cast<unsigned>(type);
    for (const std::string& text : row.phrases) {
      collector.enter(text, Layer::topic, &Phrase::rules, number);
    }
    for (const std::string& text : row.unless) {
      collector.enter(text, Layer::unless, &Phrase::unless, number);
    }
    rules_.push_back(std::move(rule));
  }
}

void Phrasebook::collect_special(Collector& collector) const {
  for (std::uint32_t number = 0; number < special_.size(); ++number) {
    const Layer layer = special_[number].kind == SpecialKind::type ? Layer::type : Layer::special;
    for (const std::string& text : special_[number].phrases) {
      collector.enter(text, layer, &Phrase::special, number);
    }
  }
}

void Phrasebook::collect_regions(const CatalogueFiles& files, const Directory& directory,
                                 Collector& collector) {
  for (const RegionRow& row : files.regions) {
    const auto number =
        static_cast<std::uint32_t>(directory.region(row.info.code) - directory.regions().data());
    for (const std::string& name : row.names) {
      collector.enter(name, Layer::region, &Phrase::regions, number);
    }
  }
}

}  // namespace hotline::classify
