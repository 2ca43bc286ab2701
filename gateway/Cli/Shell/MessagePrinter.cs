using System.Globalization;

namespace Gateway.Cli.Shell;

/// <summary>
/// Prints messages: the body with a line end, preceded on request by a line for each property. A pipe or a file gets the body unchanged; on
/// a screen characters that a terminal obeys are shown as dots.
/// </summary>
internal sealed class MessagePrinter(Terminal terminal, bool verbose)
{
    public async Task PrintAsync(PrintedMessage message, CancellationToken cancellationToken)
    {
        if (verbose)
        {
            foreach (var line in Describe(message))
                await terminal.WriteLineAsync(line, cancellationToken);
        }

        await terminal.ForeignOutput.WriteAsync(message.Body, cancellationToken);
        await terminal.WriteLineAsync("", cancellationToken);
    }

    private static IEnumerable<string> Describe(PrintedMessage message)
    {
        yield return $"id: {message.Id}";
        if (message.Deliveries is { } deliveries) yield return string.Create(CultureInfo.InvariantCulture, $"deliveries: {deliveries}");
        yield return $"enqueued: {Figures.Precise(message.EnqueuedAt.ToUnixTimeMilliseconds())}";
        if (message.ExpiresAt is { } expires)
            yield return $"expires: {Figures.Precise(expires.ToUnixTimeMilliseconds())}";
        yield return ForeignText.Plain($"source: {message.Source}");
        foreach (var (key, value) in message.Headers.OrderBy(header => header.Key, StringComparer.Ordinal))
            yield return ForeignText.Plain($"header: {key}={value}");
    }
}
