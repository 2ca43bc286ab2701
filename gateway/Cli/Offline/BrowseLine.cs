using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Store.Browsing;

namespace Gateway.Cli.Offline;

/// <summary>A found message as one line.</summary>
internal static class BrowseLine
{
    public static string Text(BrowseEntry entry)
    {
        var line = string.Create(
            CultureInfo.InvariantCulture,
            $"{entry.Number,10}  {entry.Id}  {Figures.Precise(entry.EnqueuedUnixMs)}  {entry.HeadersBytes,6} + {entry.BodyBytes,8} "
                + $"bytes  from "
                + $"{entry.Source}");
        if (entry.Deliveries > 0) line += string.Create(CultureInfo.InvariantCulture, $"  delivered {entry.Deliveries}");
        if (entry.NotBeforeUnixMs > 0) line += $"  waits until {Figures.Precise(entry.NotBeforeUnixMs)}";
        if (entry.ExpiresUnixMs > 0) line += $"  expires {Figures.Precise(entry.ExpiresUnixMs)}";
        if (entry.DeadLetter is { } letter)
            line += string.Create(CultureInfo.InvariantCulture,
                $"  was {letter.MessageNumber} of {letter.Queue}, {letter.Reason} {Figures.Precise(letter.AtUnixMs)}: {letter.Text}");
        return line;
    }

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
