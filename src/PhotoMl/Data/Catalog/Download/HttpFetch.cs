using System.Net;
using System.Net.Http.Headers;

namespace PhotoMl.Data;

/// <summary>One attempt to get a file, or the rest of it, from one address.</summary>
internal sealed class HttpFetch(HttpClient client, TimeSpan stallTimeout)
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Appends what the server sends; returns when the server has sent all it promised.</summary>
    /// <exception cref="HttpRequestException">The server cannot be reached, or answers with something else.</exception>
    /// <exception cref="IOException">The connection broke.</exception>
    /// <exception cref="TimeoutException">The server sent nothing for too long.</exception>
    /// <exception cref="InvalidDataException">The server sends more than the file can have.</exception>
    public async Task AppendAsync(
        Uri address, PartialFile part, long maximumBytes, Action<long, long?> report, CancellationToken cancellationToken)
    {
        using var stall = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        try
        {
            stall.CancelAfter(stallTimeout);
            using var request = CreateRequest(address, part);
            using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stall.Token).ConfigureAwait(false);
            if (response.StatusCode == HttpStatusCode.RequestedRangeNotSatisfiable && part.LengthFor(address) > 0)
            {
                return; // the part has been whole, or is not one: its hash will tell
            }

            Prepare(address, part, response);
            var total = response.Content.Headers.ContentLength + part.Length;
            CheckSize(Math.Max(part.Length, total ?? 0), maximumBytes);

            using var body = await response.Content.ReadAsStreamAsync(stall.Token).ConfigureAwait(false);
            var buffer = new byte[BufferBytes];
            while (true)
            {
                stall.CancelAfter(stallTimeout);
                var count = await body.ReadAsync(buffer, stall.Token).ConfigureAwait(false);
                if (count == 0)
                {
                    return;
                }

                CheckSize(part.Length + count, maximumBytes);
                part.Append(buffer.AsSpan(0, count));
                report(part.Length, total);
            }
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            var reason = stall.IsCancellationRequested
                ? string.Create(null, $"nothing came for {stallTimeout.TotalSeconds:0.#} seconds")
                : "no connection in time";
            throw new TimeoutException(reason, exception);
        }
    }

    private static HttpRequestMessage CreateRequest(Uri address, PartialFile part)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        if (part.LengthFor(address) is > 0 and var start)
        {
            request.Headers.Range = new RangeHeaderValue(start, null);
            if (part.Validator is { } validator && EntityTagHeaderValue.TryParse(validator, out var tag))
            {
                request.Headers.IfRange = new RangeConditionHeaderValue(tag);
            }
        }

        return request;
    }

    private static void Prepare(Uri address, PartialFile part, HttpResponseMessage response)
    {
        if (response.StatusCode == HttpStatusCode.PartialContent)
        {
            var from = response.Content.Headers.ContentRange?.From;
            var wished = part.LengthFor(address);
            if (wished == 0 || from != wished)
            {
                throw new InvalidDataException($"it sent the bytes from {(from is null ? "nowhere" : $"{from}")} for those from {wished}");
            }
        }
        else if (response.StatusCode == HttpStatusCode.OK)
        {
            // A weak tag does not promise the same bytes (RFC 9110, section 8.8.1).
            part.Restart(address, response.Headers.ETag is { IsWeak: false } tag ? tag.ToString() : null);
        }
        else
        {
            throw new HttpRequestException($"{(int)response.StatusCode} {response.ReasonPhrase}");
        }
    }

    private static void CheckSize(long bytes, long maximumBytes)
    {
        if (bytes > maximumBytes)
        {
            throw new InvalidDataException($"more than the {maximumBytes} bytes the file can have");
        }
    }
}
