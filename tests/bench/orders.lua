-- wrk: each request is the next line of the file named by SIGNED, "hmac<TAB>body".
local threads = 0
function setup(thread)
  thread:set("mine", threads)
  threads = threads + 1
end
function init()
  lines, at = {}, 0
  local n = 0
  for line in io.lines(os.getenv("SIGNED")) do
    n = n + 1
    if n % 2 == mine then lines[#lines + 1] = line end
  end
end
function request()
  at = at % #lines + 1
  local tab = lines[at]:find("\t")
  return wrk.format("POST", "/webhooks/shopify/orders", {
    ["Content-Type"] = "application/json",
    ["X-Shopify-Topic"] = "orders/create",
    ["X-Shopify-Shop-Domain"] = "x.myshopify.com",
    ["X-Shopify-Hmac-Sha256"] = lines[at]:sub(1, tab - 1),
  }, lines[at]:sub(tab + 1))
end
