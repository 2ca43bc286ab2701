using System.Text.Json;
using Gateway.Client.Wire;
using Gateway.Intake;
using Gateway.Links;
using Gateway.Management;
using Gateway.Store;

namespace Gateway;

/// <summary>The gateway as JSON, for people and tools; client/Wire/PROTOCOL.md lists the fields. Owned by the loop.</summary>
/// <param name="allowsDrills">By the configuration.</param>
/// <param name="countConnections">Counters of the connections that were taken, refused and cut, by name.</param>
/// <param name="showCertificate">What peers are shown; null without TLS.</param>
/// <param name="readTurns">How long the loop was busy in one go, at most.</param>
internal sealed class Inspection(
    GatewayIdentity self,
    IReadOnlyDictionary<string, OutgoingLink> links,
    LoopClock clock,
    QueueSurveyor surveyor,
    bool allowsDrills,
    Func<IReadOnlyDictionary<string, long>> countConnections,
    Func<OwnCertificate?> showCertificate,
    Func<(TimeSpan Longest, TimeSpan OfLate)> readTurns) : IInspection
{
    private const string LinkPrefix = "link/";

    private QueueSurvey? _told;
    private byte[] _telling = [];

    public void Describe(string about, Action<byte[]?> answer)
    {
        if (about.Length == 0) surveyor.Ask(found => answer(Tell(found)));
        else if (about.StartsWith(LinkPrefix, StringComparison.Ordinal) && links.TryGetValue(about[LinkPrefix.Length..], out var link))
            answer(JsonSerializer.SerializeToUtf8Bytes(Detailed(link), LinkHistory.Json));
        else answer(null);
    }

    public bool Retry(string peer)
    {
        if (!links.TryGetValue(peer, out var link)) return false;
        link.Retry();
        return true;
    }

    public DrillAnswer Drill(string peer, DrillKind kind, TimeSpan duration)
    {
        if (!allowsDrills) return DrillAnswer.NotEnabled;
        if (!links.TryGetValue(peer, out var link)) return DrillAnswer.NoPeer;
        return link.Drill(kind, duration) ? DrillAnswer.Begun : DrillAnswer.NotUp;
    }

    public PeerState? StateOf(string peer) => links.TryGetValue(peer, out var link) ? StateOf(link.Status) : null;

    public static PeerState StateOf(LinkStatus link) =>
        new(link.Peer, link.State.ToString().ToLowerInvariant(), link.Cause == LinkCause.None ? "" : link.Cause.ToString(), link.Evidence);

    /// <summary>Those who ask together get one answer, which is written once.</summary>
    private byte[] Tell(QueueSurvey found)
    {
        if (_told == found) return _telling;
        _telling = JsonSerializer.SerializeToUtf8Bytes(Whole(found));
        _told = found;
        return _telling;
    }

    private object Whole(QueueSurvey found) => new
    {
        name = self.Name,
        incarnation = self.Incarnation.ToString("N"),
        startedAt = DateTimeOffset.FromUnixTimeMilliseconds(self.StartedUnixMs),
        queues = found.Listed.Select(queue => new
        {
            kind = queue.Id.Kind == QueueKind.Inbound ? "inbound" : "outgoing",
            name = queue.Id.Name,
            messages = queue.Messages,
            bytes = queue.Bytes,
        }),
        unlisted = found.Totals.Sum(total => total.Queues) - found.Listed.Count,
        outgoing = Sum(found, QueueKind.Outgoing),
        inbound = Sum(found, QueueKind.Inbound),
        deadLetters = found.DeadLetters,
        damaged = found.Damaged,
        health = found.Damaged == 0 ? "ok" : "degraded",
        links = links.Values.Select(link => Brief(link.Status)),
        loopTurnMaxMs = readTurns().Longest.TotalMilliseconds,
        loopTurnMaxOfLateMs = readTurns().OfLate.TotalMilliseconds,
        connections = countConnections(),
        certificate = showCertificate() is { } shown ? new
        { subject = shown.Certificate, fingerprint = shown.Fingerprint, expiresAt = shown.ExpiresAt, warning = shown.Warning } : null,
    };

    private static object Sum(QueueSurvey found, QueueKind kind)
    {
        var sum = found.SumOf(kind);
        return new { queues = sum.Queues, messages = sum.Messages, bytes = sum.Bytes };
    }

    private static object Brief(LinkStatus link) => new
    {
        peer = link.Peer,
        state = link.State.ToString().ToLowerInvariant(),
        cause = link.Cause == LinkCause.None ? null : link.Cause.ToString(),
        since = link.Since,
        evidence = link.Evidence,
        advice = link.Advice,
    };

    private object Detailed(OutgoingLink link) => new
    {
        now = clock.Now,
        link = Brief(link.Status),
        warning = link.Warning,
        drillEnabled = allowsDrills,
        candidates = LinkDiagnosis.Candidates(link.Status, link.History.Changes, link.SlowBytesPerSecond),
        patterns = LinkPatterns.Find(link.History.Changes),
        inDoubt = link.Doubts,
        history = link.History.Changes,
    };
}
