using Gateway.Store.Records;
using Gateway.Store.Snapshots;

namespace Gateway.Store.Repair;

/// <summary>Applies the records of one surviving group of a damaged store.</summary>
internal static class RepairReplay
{
    /// <summary>Reads only the names of queues and the accepted ids, from a group that the snapshot covers.</summary>
    public static void Glance(RepairState state, Block group)
    {
        var records = GroupReader.OpenChecked(group);
        while (records.TryNext(out var kind, out var payload)) Learn(state, kind, payload);
    }

    public static void Apply(RepairState state, Block group)
    {
        var movedLetter = 0L;
        var records = GroupReader.OpenChecked(group);
        while (records.TryNext(out var kind, out var payload))
        {
            Learn(state, kind, payload);
            if (kind == RecordKind.Copied) Copied(state, payload, group.Id.Number, movedLetter);
            else Apply(state, group.Id.Number, kind, payload);
            movedLetter = kind == RecordKind.DeadLetterMoved ? new ByteReader(payload).Int64() : 0;
        }
    }

    private static void Learn(RepairState state, RecordKind kind, ReadOnlySpan<byte> payload)
    {
        var reader = new ByteReader(payload);
        if (kind == RecordKind.IdAccepted) state.Accepted.Add(IdAccepted.Read(ref reader));
        if (kind != RecordKind.QueueMade) return;
        state.Made(QueueMade.Read(ref reader));
    }

    private static void Copied(RepairState state, ReadOnlySpan<byte> payload, long group, long movedLetter)
    {
        var (handle, number) = Replay.StoredPrefix(payload);
        if (movedLetter > 0) state.LetterCopied(movedLetter, handle, number, group);
        else state.Copied(handle, number, group);
    }

    private static void Apply(RepairState state, long group, RecordKind kind, ReadOnlySpan<byte> payload)
    {
        var reader = new ByteReader(payload);
        switch (kind)
        {
            case RecordKind.Stored:
                var (handle, stored) = Replay.StoredPrefix(payload);
                state.Stored(handle, stored, group);
                break;
            case RecordKind.PositionMoved: state.Move(PositionMoved.Read(ref reader)); break;
            case RecordKind.RemovedUpTo: Place(ref reader, out var upTo).RemoveUpTo(upTo); break;
            case RecordKind.Removed: Place(ref reader, out var removed).Remove(removed); break;
            case RecordKind.Delivered:
                var queue = Place(ref reader, out var delivered);
                queue.DeliveredUpTo = Math.Max(queue.DeliveredUpTo, delivered);
                break;
            case RecordKind.Returned:
                var returned = Returned.Read(ref reader);
                if (state.Queue(returned.Queue).Live.ContainsKey(returned.Number))
                    state.Queue(returned.Queue).Returned[returned.Number] = returned;
                break;
            case RecordKind.DeadLettered: state.Bury(DeadLettered.Read(ref reader)); break;
            case RecordKind.DeadLetterRemoved: state.Letters.Remove(DeadLetterRemoved.Read(ref reader).DeadNumber); break;
            case RecordKind.QueueForgotten: state.Forget(state.Queue(QueueForgotten.Read(ref reader).Queue)); break;
            case RecordKind.Marked: state.Mark(Marked.Read(ref reader)); break;
            case RecordKind.Quarantined: state.Quarantine(Quarantined.Read(ref reader)); break;
        }

        RepairQueue Place(ref ByteReader reader, out long number)
        {
            var record = QueueNumber.Read(ref reader);
            number = record.Number;
            return state.Queue(record.Queue);
        }
    }
}
