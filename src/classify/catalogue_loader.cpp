#include "classify/catalogue_loader.hpp"

#include <stdexcept>

#include "classify/catalogue_files.hpp"
#include "classify/rule_catalogue.hpp"

namespace hotline {

Result<std::shared_ptr<const Catalogue>> load_catalogue(const std::filesystem::path& folder,
                                                        UtcOffset zone) {
  Result<classify::CatalogueFiles> files = classify::read_catalogue_files(folder);
  if (!files) return tl::make_unexpected(std::move(files.error()));
  try {
    return std::make_shared<const classify::RuleCatalogue>(std::move(*files), zone);
  } catch (const std::length_error& error) {
    return fail(ErrorCode::invalid, std::string("the catalogue is refused: ") + error.what());
  }
}

}  // namespace hotline
