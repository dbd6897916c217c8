-- What wrk sends: the request of its command line or, where a file is named after it, each of the file's in turn.
-- `once`: none of them twice; when all are sent, an address that no site has, so that wrk counts failures.
-- In the file each request stands behind its number of bytes. At the end: one line of numbers, for bench/wrk.py.

local NO_MORE = "GET /no-more-requests HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"

local function read(name)
   local file, requests = assert(io.open(name, "rb")), {}
   local size = file:read("*n")
   while size do
      file:read(1)
      requests[#requests + 1] = file:read(size)
      size = file:read("*n")
   end
   file:close()
   return requests
end

function init(args)
   if not args[1] then return end
   local requests, at, is_once = read(args[1]), 0, args[2] == "once"
   function request()
      at = at + 1
      if at > #requests then
         if is_once then return NO_MORE end
         at = 1
      end
      return requests[at]
   end
end

function done(summary, _, _)
   local errors = summary.errors
   io.write(string.format("counted: %d %d %d %d %d\n", summary.requests, summary.duration, summary.bytes, errors.status,
      errors.connect + errors.read + errors.write + errors.timeout))
end
