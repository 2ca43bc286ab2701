using System.Globalization;
using Gateway.Cli.Demo.Ledger;
using Gateway.Cli.Shell;
using Gateway.Links.Protocol;

namespace Gateway.Cli.Drill;

/// <summary>Renders the result of a drill as text.</summary>
internal static class DrillReport
{
    private static readonly int _kindChars = Enum.GetValues<DrillKind>().Max(kind => DrillKinds.NameOf(kind).Length);

    public static FactList Of(DrillOutcome outcome)
    {
        var kind = DrillKinds.NameOf(outcome.Kind).PadRight(_kindChars);
        return outcome.End is { } end
            ? Listing.Facts(
                (kind, $"named {end.Cause} after {Span(end.Noticed)}, up again after {Span(outcome.Back)}, everything was "
                    + $"acknowledged after {Span(outcome.Drained)}"),
                ("", end.Evidence))
            : Listing.Facts((kind, $"the link stayed up; everything was acknowledged after {Span(outcome.Drained)}"));
    }

    /// <summary>The ledger.</summary>
    /// <param name="verdict">The balance of the messages received at the far gateway; null if none were to be received.</param>
    /// <param name="leftBefore">Messages of earlier drills that were also taken at the far gateway.</param>
    public static IEnumerable<string> Of(DrillTotals totals, DemoVerdict? verdict, long leftBefore)
    {
        yield return string.Create(CultureInfo.InvariantCulture, $"accepted {totals.Accepted}, acknowledged by the store of {totals.Peer} "
            + $"{totals.Accepted - totals.Waiting}, waiting {totals.Waiting}, new dead letters {totals.DeadLetters}");
        if (verdict is null)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"Not received at {totals.Peer}: that nothing was lost, doubled or moved is what {totals.Peer} "
                + $"acknowledged by number. With --far-gateway each message is taken there and looked at.");
            yield return string.Create(CultureInfo.InvariantCulture,
                $"The messages stand in the queue {DrillMessages.Queue} of {totals.Peer}: 'gateway "
                + $"receive {DrillMessages.Queue} --complete --count {totals.Accepted}' there takes them.");
            yield break;
        }

        var again = verdict.DeliveredAgain.Values.Sum();
        yield return string.Create(CultureInfo.InvariantCulture,
            $"received at {totals.Peer} {verdict.Delivered}, lost {verdict.Lost}, again {again}, out of order "
            + $"{verdict.OutOfOrder}, altered {verdict.Corrupt}");
        if (leftBefore > 0)
            yield return $"Also taken there: {Figures.Messages(leftBefore)} of earlier drills.";
    }

    /// <summary>
    /// True if nothing was lost, duplicated, reordered, altered or left behind. A completion in doubt is not a fault, but none is expected:
    /// no gateway is restarted.
    /// </summary>
    public static bool Balances(DrillTotals totals, DemoVerdict? verdict) =>
        totals is { Waiting: 0, DeadLetters: 0, Accepted: > 0 }
            && (verdict is null || ((verdict with { Expected = totals.Accepted }).Balanced && verdict.DeliveredAgain.Values.Sum() == 0));

    private static string Span(TimeSpan? time) => Figures.Span(time?.TotalSeconds);
}

/// <summary>The sending gateway's figures at the end of a drill, in messages.</summary>
/// <param name="Waiting">Unacknowledged messages in the outgoing queue.</param>
/// <param name="DeadLetters">Dead letters added since the start.</param>
internal sealed record DrillTotals(string Peer, long Accepted, long Waiting, long DeadLetters);
