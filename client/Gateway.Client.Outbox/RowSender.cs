using System.Text;
using Gateway.Client.Wire;

namespace Gateway.Client.Outbox;

/// <summary>Sends rows of one destination, in order, and finds those which the gateway will not have.</summary>
internal sealed class RowSender(GatewayClient client)
{
    /// <summary>Returns when the gateway has decided on all of them, or refuses the destination, or does not answer.</summary>
    /// <exception cref="GatewayException">The client has ended, and sends nothing more.</exception>
    public async Task<SendOutcome> SendAsync(string destination, IReadOnlyList<OutboxRow> rows, CancellationToken stop)
    {
        var outcome = new SendOutcome(destination);
        // A part that is refused is halved until the row is found which is to blame. The order is kept: its first half is on top.
        var parts = new Stack<(int From, int To)>();
        parts.Push((0, rows.Count));
        while (parts.TryPop(out var part))
        {
            var (from, to) = part;
            var refusal = await TrySendAsync(destination, rows, from, to, outcome, stop).ConfigureAwait(false);
            if (outcome.DestinationRefused is not null || outcome.Trouble is not null)
            {
                outcome.Rest.AddRange(rows.Skip(from));
                return outcome;
            }

            if (refusal is null)
            {
                outcome.Accepted.AddRange(rows.Skip(from).Take(to - from));
            }
            else if (to - from == 1)
            {
                outcome.Refused.Add((rows[from], refusal));
            }
            else
            {
                var middle = (from + to) / 2;
                parts.Push((middle, to));
                parts.Push((from, middle));
            }
        }

        return outcome;
    }

    /// <summary>Null if the gateway has them; the reason if it will not have one of them. Everything else goes into the outcome.</summary>
    private async Task<string?> TrySendAsync(
        string destination, IReadOnlyList<OutboxRow> rows, int from, int to, SendOutcome outcome, CancellationToken stop)
    {
        try
        {
            OutgoingMessage[] messages = [.. rows.Skip(from).Take(to - from).Select(MessageOf)];
            await client.EnqueueAsync(destination, messages, stop).ConfigureAwait(false);
            return null;
        }
        catch (ArgumentException wrong)
        {
            return wrong.Message;
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            outcome.Trouble = "The relay is stopping.";
        }
        catch (GatewayException failure)
        {
            switch (failure.Reason)
            {
                case GatewayError.BadRequest or GatewayError.BadMessageId or GatewayError.BadHeaders or GatewayError.NoKey
                    or GatewayError.TooLarge or GatewayError.IdConflict:
                    return failure.Message;
                case GatewayError.BadDestination or GatewayError.NoRoute or GatewayError.NotAuthorised or GatewayError.StoreFull:
                    outcome.DestinationRefused = failure.Message;
                    break;
                case GatewayError.Disposed or GatewayError.Failed:
                    throw;
                default:
                    outcome.Trouble = failure.Message;
                    break;
            }
        }

        return null;
    }

    /// <exception cref="ArgumentException">The row was not written by this library, and is no message.</exception>
    private static OutgoingMessage MessageOf(OutboxRow row)
    {
        if (row.Id == default)
            throw new ArgumentException("The column message_id holds no UUID.");
        var headers = row.Headers is null ? default : Encoding.UTF8.GetBytes(row.Headers);
        if (!HeadersJson.TryRead(headers, out var read))
            throw new ArgumentException("The column headers holds no JSON object of strings.");
        return new OutgoingMessage
        {
            MessageId = row.Id,
            Body = row.Body,
            Headers = read,
            ExpiresAt = row.ExpiresUnixMs == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(row.ExpiresUnixMs),
        };
    }
}
