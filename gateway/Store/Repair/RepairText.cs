using System.Globalization;
using System.Text.Json.Nodes;
using Gateway.Store.Messages;

namespace Gateway.Store.Repair;

/// <summary>Formats a report for people and for programs.</summary>
internal static class RepairText
{
    public static IEnumerable<string> Lines(RepairReport report)
    {
        foreach (var damage in report.Damage) yield return $"{damage}.";
        if (report.SnapshotGroup is { } group)
            yield return string.Create(CultureInfo.InvariantCulture, $"Began with the snapshot up to group {group}.");
        else if (report.LostGroups.IsEmpty)
            yield return "There is no complete snapshot; every group written is present, and was read from the first on.";
        else yield return "No snapshot was complete; all surviving groups were read from the first on. Messages that had left their "
            + "queues may be back: peers recognise by number those they already have.";
        if (!report.LostGroups.IsEmpty) yield return $"Missing groups: {report.LostGroups}. They were damaged, or dropped "
            + $"when empty. Removals recorded in them are unknown, so messages that had left their queues may be back.";
        yield return report.IsNewStoreId
            ? $"The store's identity is lost. The new store is {report.StoreId}: its peers take it for a different one, and "
                + $"cannot recognise messages they already have from the old one."
            : $"The store is still {report.StoreId}.";
        foreach (var queue in report.Queues) yield return Queue(queue);
        yield return string.Create(CultureInfo.InvariantCulture,
            $"Dead letters: {report.DeadLetters} recovered, {report.MissingLetters.Count} missing.");
        foreach (var letter in report.MissingLetters)
            yield return string.Create(CultureInfo.InvariantCulture,
                $"  Missing: dead letter {letter.Number}, number {letter.MessageNumber} of {Name(letter.Queue)}.");
        yield return string.Create(CultureInfo.InvariantCulture, $"Positions of peers: {report.Positions}.")
            + (report.HasStalePositions ? " Some were set back to before "
            + "the first lost group: these peers resend what they still hold, and messages may arrive twice." : "");
        yield return string.Create(CultureInfo.InvariantCulture, $"Accepted message ids: {report.AcceptedIds}.")
            + (report.LostAccepted > 0 ? string.Create(
                CultureInfo.InvariantCulture,
                $" {report.LostAccepted} of their blocks are lost: an Enqueue that is repeated may be accepted twice.") : "");
        yield return report.IsComplete ? "Nothing is missing. Writes under way when the gateway stopped, and not confirmed, "
            + "do not count." : "Not everything could be saved; the missing parts are listed above.";
    }

    public static string Json(RepairReport report) => new JsonObject
    {
        ["complete"] = report.IsComplete,
        ["storeId"] = report.StoreId,
        ["newStoreId"] = report.IsNewStoreId,
        ["snapshotGroup"] = report.SnapshotGroup,
        ["lostGroups"] = report.LostGroups.ToString(),
        ["queues"] = new JsonArray([.. report.Queues.Select(queue => new JsonObject
        {
            ["queue"] = queue.Queue?.Name,
            ["kind"] = queue.Queue?.Kind.ToString().ToLowerInvariant(),
            ["recovered"] = queue.Recovered,
            ["renumbered"] = queue.Renumbered,
            ["missing"] = queue.Missing.ToString(),
            ["lastNumber"] = queue.LastNumber,
        })]),
        ["deadLetters"] = report.DeadLetters,
        ["missingDeadLetters"] = new JsonArray([.. report.MissingLetters.Select(letter => (JsonNode)letter.Number)]),
        ["positions"] = report.Positions,
        ["positionsSetBack"] = report.HasStalePositions,
        ["acceptedIds"] = report.AcceptedIds,
        ["lostAcceptedBlocks"] = report.LostAccepted,
        ["damage"] = new JsonArray([.. report.Damage.Select(damage => (JsonNode)damage)]),
    }.ToJsonString();

    private static string Queue(RepairedQueue queue)
    {
        if (queue.Queue is null) return string.Create(
            CultureInfo.InvariantCulture, $"A queue whose name is lost (handle {queue.Handle}): numbers {queue.Missing} cannot "
            + $"be given back to it, {Figures.Messages(queue.Missing.Count)}.");
        var line = string.Create(CultureInfo.InvariantCulture, $"{queue.Queue}: {Figures.Messages(queue.Recovered)} recovered");
        if (queue.Renumbered > 0)
            line += string.Create(CultureInfo.InvariantCulture, $", {queue.Renumbered} that had been damaged appended with new numbers");
        if (!queue.Missing.IsEmpty)
            line += string.Create(CultureInfo.InvariantCulture, $", {queue.Missing.Count} missing or gone before: numbers {queue.Missing}");
        return line + string.Create(CultureInfo.InvariantCulture, $". It goes on after number {queue.LastNumber}.");
    }

    private static string Name(QueueId? queue) => queue?.ToString() ?? "a queue whose name is lost";
}
