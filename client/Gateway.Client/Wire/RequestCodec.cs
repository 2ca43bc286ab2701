using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Client.Wire;

/// <summary>
/// Converts requests to and from frames, as in PROTOCOL.md. Decoding accepts hostile bytes and never throws; the result refers to the
/// frames without copying. Only the form is checked; the gateway's intake checks names, the JSON of headers and the configurable limits.
/// </summary>
internal static class RequestCodec
{
    private const int EnqueueHeadFrames = 3;
    private const int EnqueueItemFrames = 4;

    /// <summary>The number of frames of an ENQUEUE with this many messages, the largest kind of request.</summary>
    public static int FramesMax(int messages) => EnqueueHeadFrames + (EnqueueItemFrames * messages);

    public static IReadOnlyList<ReadOnlyMemory<byte>> Encode(Request request) => request switch
    {
        Request.Enqueue r => EncodeEnqueue(r),
        Request.Complete r => ["COMPLETE"u8.ToArray(), r.Id.ToBytes(), r.Token.ToBytes()],
        Request.Receive r =>
        [
            "RECEIVE"u8.ToArray(), r.Subscription.ToBytes(), WireText.FromText(r.Queue), WireText.FromNumber(r.Credit),
            WireText.FromDuration(r.Lease),
        ],
        Request.Ping r => ["PING"u8.ToArray(), r.Payload],
        Request.Abandon r => ["ABANDON"u8.ToArray(), r.Id.ToBytes(), r.Token.ToBytes(), WireText.FromDuration(r.Delay)],
        Request.Reject r => ["REJECT"u8.ToArray(), r.Id.ToBytes(), r.Token.ToBytes(), WireText.FromText(r.Reason)],
        Request.Release r => ["RELEASE"u8.ToArray(), r.Id.ToBytes(), r.Token.ToBytes()],
        Request.Renew r => ["RENEW"u8.ToArray(), r.Id.ToBytes(), r.Token.ToBytes(), WireText.FromDuration(r.Lease)],
        Request.Peek r =>
        [
            "PEEK"u8.ToArray(), r.Id.ToBytes(), WireText.FromText(r.Queue), WireText.FromNumber(r.After), WireText.FromNumber(r.Count),
        ],
        Request.Ready r => ["READY"u8.ToArray(), r.Id.ToBytes()],
        Request.Depth r => ["DEPTH"u8.ToArray(), r.Id.ToBytes(), WireText.FromText(r.Name)],
        Request.Watch r => ["WATCH"u8.ToArray(), r.Id.ToBytes()],
        Request.Stop r => ["STOP"u8.ToArray(), r.Subscription.ToBytes()],
        Request.Hello { Token: "" } r => ["HELLO"u8.ToArray(), WireText.FromText(r.Version), WireText.FromText(r.Application)],
        Request.Hello r =>
            ["HELLO"u8.ToArray(), WireText.FromText(r.Version), WireText.FromText(r.Application), WireText.FromText(r.Token)],
        Request.Bye => ["BYE"u8.ToArray()],
        _ => throw new UnreachableException(),
    };

    public static bool TryDecode(IReadOnlyList<byte[]> frames, [NotNullWhen(true)] out Request? request, out WireFault fault)
    {
        fault = default;
        request = null;
        ReadOnlySpan<byte> verb = frames.Count == 0 ? default : frames[0];
        if (verb.SequenceEqual("HELLO"u8))
            request = DecodeHello(frames, ref fault);
        else if (verb.SequenceEqual("PING"u8))
            request = frames.Count == 2 ? new Request.Ping(frames[1]) : WrongCount("PING", null, ref fault);
        else if (verb.SequenceEqual("BYE"u8))
            request = frames.Count == 1 ? new Request.Bye() : WrongCount("BYE", null, ref fault);
        else
            request = DecodeNamed(verb, frames, ref fault);
        return request is not null;
    }

    private static List<ReadOnlyMemory<byte>> EncodeEnqueue(Request.Enqueue request)
    {
        var frames = new List<ReadOnlyMemory<byte>>(EnqueueHeadFrames + request.Items.Count * EnqueueItemFrames)
        {
            "ENQUEUE"u8.ToArray(),
            request.Id.ToBytes(),
            WireText.FromText(request.Destination),
        };
        foreach (var item in request.Items)
        {
            frames.Add(item.Id is { } id ? WireText.FromMessageId(id) : ReadOnlyMemory<byte>.Empty);
            frames.Add(item.Headers);
            frames.Add(WireText.FromTime(item.ExpiresUnixMs));
            frames.Add(item.Body);
        }

        return frames;
    }

    private static Request.Hello? DecodeHello(IReadOnlyList<byte[]> frames, ref WireFault fault)
    {
        if (frames.Count is not (3 or 4))
            return WrongCount("HELLO", null, ref fault) as Request.Hello;
        if (!WireText.TryText(frames[1], out var version))
            return Fail<Request.Hello>(WireCode.BadRequest, "The version is not UTF-8.", null, ref fault);
        if (frames[2].Length > ProtocolLimits.ApplicationBytesMax || !WireText.TryText(frames[2], out var application))
            return Fail<Request.Hello>(WireCode.BadRequest, "The application name is not UTF-8 of at most 128 bytes.", null, ref fault);
        var token = "";
        if (frames.Count == 4 && (frames[3].Length > ProtocolLimits.TokenBytesMax || !WireText.TryText(frames[3], out token)))
            return Fail<Request.Hello>(WireCode.BadRequest, "The token is not UTF-8 of at most 256 bytes.", null, ref fault);
        return new Request.Hello(version, application, token);
    }

    /// <summary>Decodes the verbs whose second frame is the id repeated in the answer.</summary>
    private static Request? DecodeNamed(ReadOnlySpan<byte> verb, IReadOnlyList<byte[]> frames, ref WireFault fault)
    {
        var decode = FindDecoder(verb);
        if (decode is null)
            return Fail<Request>(WireCode.BadRequest, "The first frame is not a verb of the protocol.", null, ref fault);
        if (frames.Count < 2 || !RequestId.TryFromBytes(frames[1], out var id))
            return Fail<Request>(WireCode.BadRequest, "The second frame is not an id of 1 to 64 bytes.", null, ref fault);
        return decode(id, frames, ref fault);
    }

    private static Decoder? FindDecoder(ReadOnlySpan<byte> verb) => verb switch
    {
        _ when verb.SequenceEqual("ENQUEUE"u8) => DecodeEnqueue,
        _ when verb.SequenceEqual("COMPLETE"u8) => DecodeComplete,
        _ when verb.SequenceEqual("RECEIVE"u8) => DecodeReceive,
        _ when verb.SequenceEqual("ABANDON"u8) => DecodeAbandon,
        _ when verb.SequenceEqual("REJECT"u8) => DecodeReject,
        _ when verb.SequenceEqual("RELEASE"u8) => DecodeRelease,
        _ when verb.SequenceEqual("RENEW"u8) => DecodeRenew,
        _ when verb.SequenceEqual("PEEK"u8) => DecodePeek,
        _ when verb.SequenceEqual("READY"u8) => DecodeReady,
        _ when verb.SequenceEqual("DEPTH"u8) => DecodeDepth,
        _ when verb.SequenceEqual("WATCH"u8) => DecodeWatch,
        _ when verb.SequenceEqual("STOP"u8) => DecodeStop,
        _ => null,
    };

    private static Request? DecodeEnqueue(RequestId id, IReadOnlyList<byte[]> frames, ref WireFault fault)
    {
        var itemFrames = frames.Count - EnqueueHeadFrames;
        if (itemFrames <= 0 || itemFrames % EnqueueItemFrames != 0)
            return WrongCount("ENQUEUE", id, ref fault);
        if (!WireText.TryText(frames[2], out var destination))
            return Fail<Request>(WireCode.BadDestination, "The destination is not UTF-8.", id, ref fault);
        var items = new EnqueueItem[itemFrames / EnqueueItemFrames];
        for (var i = 0; i < items.Length; i++)
        {
            var first = EnqueueHeadFrames + i * EnqueueItemFrames;
            MessageId? messageId = null;
            if (frames[first].Length > 0)
            {
                if (!WireText.TryMessageId(frames[first], out var given))
                    return Fail<Request>(WireCode.BadMessageId, $"Message {i + 1}: the id is not a UUID of 36 characters.", id, ref fault);
                messageId = given;
            }

            if (!WireText.TryTime(frames[first + 2], out var expires))
                return Fail<Request>(WireCode.BadRequest, $"Message {i + 1}: the expiry is not a time in milliseconds.", id, ref fault);
            items[i] = new EnqueueItem(messageId, frames[first + 1], expires, frames[first + 3]);
        }

        return new Request.Enqueue(id, destination, items);
    }

    private static Request? DecodeReceive(RequestId id, IReadOnlyList<byte[]> frames, ref WireFault fault)
    {
        if (frames.Count != 5)
            return WrongCount("RECEIVE", id, ref fault);
        if (!WireText.TryText(frames[2], out var queue))
            return Fail<Request>(WireCode.BadDestination, "The queue is not UTF-8.", id, ref fault);
        if (!WireText.TryNumber(frames[3], 1, int.MaxValue, out var credit))
            return Fail<Request>(WireCode.BadRequest, "The credit is not a number from 1 to 2147483647.", id, ref fault);
        return TryLease(frames[4], id, out var lease, ref fault) ? new Request.Receive(id, queue, (int)credit, lease) : null;
    }

    private static Request? DecodeStop(RequestId id, IReadOnlyList<byte[]> frames, ref WireFault fault) =>
        frames.Count == 2 ? new Request.Stop(id) : WrongCount("STOP", id, ref fault);

    private static Request? DecodeComplete(RequestId id, IReadOnlyList<byte[]> frames, ref WireFault fault) =>
        TryToken("COMPLETE", frames, 3, id, out var token, ref fault) ? new Request.Complete(id, token) : null;

    private static Request? DecodeRelease(RequestId id, IReadOnlyList<byte[]> frames, ref WireFault fault) =>
        TryToken("RELEASE", frames, 3, id, out var token, ref fault) ? new Request.Release(id, token) : null;

    private static Request? DecodeAbandon(RequestId id, IReadOnlyList<byte[]> frames, ref WireFault fault)
    {
        if (!TryToken("ABANDON", frames, 4, id, out var token, ref fault))
            return null;
        var delayMs = 0L;
        if (frames[3].Length > 0 && !WireText.TryNumber(frames[3], 0, ProtocolLimits.DelayMsMax, out delayMs))
            return Fail<Request>(WireCode.BadRequest, "The delay is not a number of milliseconds up to 366 days.", id, ref fault);
        return new Request.Abandon(id, token, TimeSpan.FromMilliseconds(delayMs));
    }

    private static Request? DecodeReject(RequestId id, IReadOnlyList<byte[]> frames, ref WireFault fault)
    {
        if (!TryToken("REJECT", frames, 4, id, out var token, ref fault))
            return null;
        if (frames[3].Length > ProtocolLimits.ReasonBytesMax || !WireText.TryText(frames[3], out var reason))
            return Fail<Request>(WireCode.BadRequest, "The reason is not UTF-8 of at most 1,024 bytes.", id, ref fault);
        return new Request.Reject(id, token, reason);
    }

    private static Request? DecodeRenew(RequestId id, IReadOnlyList<byte[]> frames, ref WireFault fault) =>
        TryToken("RENEW", frames, 4, id, out var token, ref fault) && TryLease(frames[3], id, out var lease, ref fault)
            ? new Request.Renew(id, token, lease)
            : null;

    private static Request? DecodePeek(RequestId id, IReadOnlyList<byte[]> frames, ref WireFault fault)
    {
        if (frames.Count != 5)
            return WrongCount("PEEK", id, ref fault);
        if (!WireText.TryText(frames[2], out var queue))
            return Fail<Request>(WireCode.BadDestination, "The queue is not UTF-8.", id, ref fault);
        var after = 0L;
        if (frames[3].Length > 0 && !WireText.TryNumber(frames[3], out after))
            return Fail<Request>(WireCode.BadRequest, "The number to begin after is not a number.", id, ref fault);
        if (!WireText.TryNumber(frames[4], 1, int.MaxValue, out var count))
            return Fail<Request>(WireCode.BadRequest, "The count is not a number from 1 to 2147483647.", id, ref fault);
        return new Request.Peek(id, queue, after, (int)count);
    }

    private static Request? DecodeReady(RequestId id, IReadOnlyList<byte[]> frames, ref WireFault fault) =>
        frames.Count == 2 ? new Request.Ready(id) : WrongCount("READY", id, ref fault);

    private static Request? DecodeDepth(RequestId id, IReadOnlyList<byte[]> frames, ref WireFault fault)
    {
        if (frames.Count != 3)
            return WrongCount("DEPTH", id, ref fault);
        return WireText.TryText(frames[2], out var name)
            ? new Request.Depth(id, name)
            : Fail<Request>(WireCode.BadDestination, "The queue is not UTF-8.", id, ref fault);
    }

    private static Request? DecodeWatch(RequestId id, IReadOnlyList<byte[]> frames, ref WireFault fault) =>
        frames.Count == 2 ? new Request.Watch(id) : WrongCount("WATCH", id, ref fault);

    private static bool TryToken(
        string verb, IReadOnlyList<byte[]> frames, int count, RequestId id, out DeliveryToken token, ref WireFault fault)
    {
        token = default;
        if (frames.Count != count)
            WrongCount(verb, id, ref fault);
        else if (DeliveryToken.TryFromBytes(frames[2], out token))
            return true;
        else
            Fail<Request>(WireCode.BadRequest, "The token is none that a gateway makes.", id, ref fault);
        return false;
    }

    private static bool TryLease(byte[] frame, RequestId id, out TimeSpan? lease, ref WireFault fault)
    {
        lease = null;
        if (frame.Length == 0)
            return true;
        if (!WireText.TryNumber(frame, ProtocolLimits.LeaseMsMin, ProtocolLimits.LeaseMsMax, out var leaseMs))
        {
            Fail<Request>(WireCode.BadRequest, "The lease is not a number of milliseconds from 100 to 12 hours.", id, ref fault);
            return false;
        }

        lease = TimeSpan.FromMilliseconds(leaseMs);
        return true;
    }

    private static Request? WrongCount(string verb, RequestId? id, ref WireFault fault) =>
        Fail<Request>(WireCode.BadRequest, $"{verb} has another number of frames.", id, ref fault);

    private static T? Fail<T>(WireCode code, string text, RequestId? id, ref WireFault fault)
        where T : Request
    {
        fault = new WireFault(code, text, id);
        return null;
    }

    private delegate Request? Decoder(RequestId id, IReadOnlyList<byte[]> frames, ref WireFault fault);
}
