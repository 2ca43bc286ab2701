using System.Text.Json.Nodes;
using Gateway.Store.Browsing;
using Gateway.Store.State;

namespace Gateway.Cli.Offline;

/// <summary>A queue or a found message as one line of JSON, for programs.</summary>
internal static class BrowseLine
{
    public static string Json(QueueState queue) => new JsonObject
    {
        ["queue"] = queue.Id.Name,
        ["messages"] = queue.Messages,
        ["bytes"] = queue.Bytes,
        ["lastNumber"] = queue.LastNumber,
    }.ToJsonString();

    /// <summary>One object per line, so that long lists can be read incrementally.</summary>
    public static string Json(BrowseEntry entry)
    {
        var json = new JsonObject
        {
            ["number"] = entry.Number,
            ["id"] = entry.Id.ToString(),
            ["enqueued"] = Figures.Precise(entry.EnqueuedUnixMs),
            ["expires"] = entry.ExpiresUnixMs > 0 ? Figures.Precise(entry.ExpiresUnixMs) : null,
            ["source"] = entry.Source,
            ["headersBytes"] = entry.HeadersBytes,
            ["bodyBytes"] = entry.BodyBytes,
            ["deliveries"] = entry.Deliveries,
            ["notBefore"] = entry.NotBeforeUnixMs > 0 ? Figures.Precise(entry.NotBeforeUnixMs) : null,
            ["group"] = entry.Group,
        };
        if (entry.DeadLetter is { } letter)
        {
            json["deadLetter"] = new JsonObject
            {
                ["queue"] = letter.Queue.Name,
                ["number"] = letter.MessageNumber,
                ["reason"] = letter.Reason.ToString(),
                ["at"] = Figures.Precise(letter.AtUnixMs),
                ["text"] = letter.Text,
            };
        }

        return json.ToJsonString();
    }
}
