using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;

namespace Gateway.Client.Wire;

/// <summary>
/// Converts replies to and from frames, as in PROTOCOL.md. Decoding accepts hostile bytes and never throws; the result refers to the frames
/// without copying.
/// </summary>
internal static class ReplyCodec
{
    private const int DeliveryFrames = 10;
    private const int PeekedHeadFrames = 2;
    private const int PeekedItemFrames = 8;

    public static IReadOnlyList<ReadOnlyMemory<byte>> Encode(Reply reply) => reply switch
    {
        Reply.Accepted r =>
            ["ACCEPTED"u8.ToArray(), r.Id.ToBytes(), .. r.MessageIds.Select(id => (ReadOnlyMemory<byte>)WireText.FromMessageId(id))],
        Reply.Delivery r => EncodeDelivery(r),
        Reply.Settled r => ["SETTLED"u8.ToArray(), r.Id.ToBytes()],
        Reply.Rejected r => ["REJECTED"u8.ToArray(), r.Id.ToBytes(), WireText.FromText(r.Code.ToString()), WireText.FromText(r.Text)],
        Reply.Pong r => ["PONG"u8.ToArray(), r.Payload],
        Reply.Stopped r => ["STOPPED"u8.ToArray(), r.Subscription.ToBytes()],
        Reply.Peeked r => EncodePeeked(r),
        Reply.Ready r => ["READY"u8.ToArray(), r.Id.ToBytes(), WireText.FromText(r.Name), WireText.FromText(r.Obstacle)],
        Reply.Depth r =>
        [
            "DEPTH"u8.ToArray(), r.Id.ToBytes(), WireText.FromNumber(r.Messages), WireText.FromNumber(r.Bytes),
            WireText.FromTime(r.OldestUnixMs), WireText.FromText(r.State), WireText.FromText(r.Cause), WireText.FromText(r.Text),
        ],
        Reply.Welcome r =>
        [
            "WELCOME"u8.ToArray(), WireText.FromText(r.Version), WireText.FromText(r.Gateway), WireText.FromText(r.Incarnation),
            LimitsJson.Write(r.Limits),
        ],
        Reply.Error r => ["ERROR"u8.ToArray(), WireText.FromText(r.Code.ToString()), WireText.FromText(r.Text)],
        Reply.Peer r => ["PEER"u8.ToArray(), WireText.FromText(r.Name), WireText.FromText(r.State), WireText.FromText(r.Cause),
            WireText.FromText(r.Text)],
        Reply.Goodbye => ["GOODBYE"u8.ToArray()],
        _ => throw new UnreachableException(),
    };

    public static bool TryDecode(IReadOnlyList<byte[]> frames, [NotNullWhen(true)] out Reply? reply, out WireFault fault)
    {
        ReadOnlySpan<byte> verb = frames.Count == 0 ? default : frames[0];
        RequestId? id = frames.Count >= 2 && RequestId.TryFromBytes(frames[1], out var given) ? given : null;
        if (verb.SequenceEqual("WELCOME"u8))
            reply = DecodeWelcome(frames);
        else if (verb.SequenceEqual("ERROR"u8))
            reply = DecodeError(frames);
        else if (verb.SequenceEqual("PONG"u8))
            reply = frames.Count == 2 ? new Reply.Pong(frames[1]) : null;
        else if (verb.SequenceEqual("GOODBYE"u8))
            reply = frames.Count == 1 ? new Reply.Goodbye() : null;
        else if (verb.SequenceEqual("PEER"u8))
            reply = DecodePeer(frames);
        else
            reply = id is { } named ? DecodeNamed(verb, named, frames) : null;
        fault = reply is null ? new WireFault(WireCode.BadRequest, "The frames are not a reply of the protocol.", id) : default;
        return reply is not null;
    }

    private static Reply? DecodeNamed(ReadOnlySpan<byte> verb, RequestId id, IReadOnlyList<byte[]> frames) => verb switch
    {
        _ when verb.SequenceEqual("ACCEPTED"u8) => DecodeAccepted(id, frames),
        _ when verb.SequenceEqual("MESSAGE"u8) => DecodeDelivery(id, frames),
        _ when verb.SequenceEqual("SETTLED"u8) => frames.Count == 2 ? new Reply.Settled(id) : null,
        _ when verb.SequenceEqual("REJECTED"u8) => DecodeRejected(id, frames),
        _ when verb.SequenceEqual("STOPPED"u8) => frames.Count == 2 ? new Reply.Stopped(id) : null,
        _ when verb.SequenceEqual("PEEKED"u8) => DecodePeeked(id, frames),
        _ when verb.SequenceEqual("READY"u8) => DecodeReady(id, frames),
        _ when verb.SequenceEqual("DEPTH"u8) => DecodeDepth(id, frames),
        _ => null,
    };

    private static Reply.Ready? DecodeReady(RequestId id, IReadOnlyList<byte[]> frames) =>
        frames.Count == 4 && WireText.TryText(frames[2], out var name) && WireText.TryText(frames[3], out var obstacle)
            ? new Reply.Ready(id, name, obstacle)
            : null;

    private static Reply.Depth? DecodeDepth(RequestId id, IReadOnlyList<byte[]> frames) =>
        frames.Count == 8 && WireText.TryNumber(frames[2], out var messages) && WireText.TryNumber(frames[3], out var bytes)
            && WireText.TryTime(frames[4], out var oldest) && WireText.TryText(frames[5], out var state)
            && WireText.TryText(frames[6], out var cause) && WireText.TryText(frames[7], out var text)
            ? new Reply.Depth(id, messages, bytes, oldest, state, cause, text)
            : null;

    private static Reply.Peer? DecodePeer(IReadOnlyList<byte[]> frames) =>
        frames.Count == 5 && WireText.TryText(frames[1], out var name) && WireText.TryText(frames[2], out var state)
            && WireText.TryText(frames[3], out var cause) && WireText.TryText(frames[4], out var text)
            ? new Reply.Peer(name, state, cause, text)
            : null;

    private static ReadOnlyMemory<byte>[] EncodeDelivery(Reply.Delivery reply)
    {
        var frames = new ReadOnlyMemory<byte>[DeliveryFrames];
        frames[0] = "MESSAGE"u8.ToArray();
        frames[1] = reply.Subscription.ToBytes();
        frames[2] = reply.Token.ToBytes();
        EncodeMessage(reply.Message, frames.AsSpan(3));
        return frames;
    }

    private static ReadOnlyMemory<byte>[] EncodePeeked(Reply.Peeked reply)
    {
        var frames = new ReadOnlyMemory<byte>[PeekedHeadFrames + reply.Messages.Count * PeekedItemFrames];
        frames[0] = "PEEKED"u8.ToArray();
        frames[1] = reply.Id.ToBytes();
        for (var i = 0; i < reply.Messages.Count; i++)
        {
            var item = frames.AsSpan(PeekedHeadFrames + i * PeekedItemFrames, PeekedItemFrames);
            item[0] = WireText.FromNumber(reply.Messages[i].Number);
            EncodeMessage(reply.Messages[i].Message, item[1..]);
        }

        return frames;
    }

    /// <summary>message id | deliveries | headers | enqueued | expires | source | body</summary>
    private static void EncodeMessage(DeliveredMessage message, Span<ReadOnlyMemory<byte>> frames)
    {
        frames[0] = WireText.FromMessageId(message.Id);
        frames[1] = WireText.FromNumber(message.Deliveries);
        frames[2] = message.Headers;
        frames[3] = WireText.FromNumber(message.EnqueuedUnixMs);
        frames[4] = WireText.FromTime(message.ExpiresUnixMs);
        frames[5] = WireText.FromText(message.Source);
        frames[6] = message.Body;
    }

    private static DeliveredMessage? DecodeMessage(IReadOnlyList<byte[]> frames, int first)
    {
        var fits = WireText.TryMessageId(frames[first], out var id)
            & WireText.TryNumber(frames[first + 1], 0, int.MaxValue, out var deliveries)
            & WireText.TryNumber(frames[first + 3], 0, WireText.UnixMsMax, out var enqueued)
            & WireText.TryTime(frames[first + 4], out var expires)
            & WireText.TryText(frames[first + 5], out var source);
        return fits
            ? new DeliveredMessage(id, (int)deliveries, frames[first + 2], enqueued, expires, source, frames[first + 6])
            : null;
    }

    private static Reply.Delivery? DecodeDelivery(RequestId subscription, IReadOnlyList<byte[]> frames) =>
        frames.Count == DeliveryFrames && DeliveryToken.TryFromBytes(frames[2], out var token) && DecodeMessage(frames, 3) is { } message
            ? new Reply.Delivery(subscription, token, message)
            : null;

    private static Reply.Peeked? DecodePeeked(RequestId id, IReadOnlyList<byte[]> frames)
    {
        var itemFrames = frames.Count - PeekedHeadFrames;
        if (itemFrames % PeekedItemFrames != 0)
            return null;
        var messages = new PeekedMessage[itemFrames / PeekedItemFrames];
        for (var i = 0; i < messages.Length; i++)
        {
            var first = PeekedHeadFrames + i * PeekedItemFrames;
            if (!WireText.TryNumber(frames[first], out var number) || DecodeMessage(frames, first + 1) is not { } message)
                return null;
            messages[i] = new PeekedMessage(number, message);
        }

        return new Reply.Peeked(id, messages);
    }

    private static Reply.Accepted? DecodeAccepted(RequestId id, IReadOnlyList<byte[]> frames)
    {
        if (frames.Count < 3)
            return null;
        var messageIds = new MessageId[frames.Count - 2];
        for (var i = 0; i < messageIds.Length; i++)
        {
            if (!WireText.TryMessageId(frames[i + 2], out messageIds[i]))
                return null;
        }

        return new Reply.Accepted(id, messageIds);
    }

    private static Reply.Rejected? DecodeRejected(RequestId id, IReadOnlyList<byte[]> frames) =>
        frames.Count == 4 && TryCode(frames[2], frames[3], out var code, out var text) ? new Reply.Rejected(id, code, text) : null;

    private static Reply.Error? DecodeError(IReadOnlyList<byte[]> frames) =>
        frames.Count == 3 && TryCode(frames[1], frames[2], out var code, out var text) ? new Reply.Error(code, text) : null;

    private static Reply.Welcome? DecodeWelcome(IReadOnlyList<byte[]> frames) =>
        frames.Count == 5
        && WireText.TryText(frames[1], out var version)
        && WireText.TryText(frames[2], out var gateway)
        && WireText.TryText(frames[3], out var incarnation)
        && LimitsJson.TryRead(frames[4], out var limits)
            ? new Reply.Welcome(version, gateway, incarnation, limits)
            : null;

    /// <summary>Maps a code unknown to this version to BadRequest, as PROTOCOL.md requires, with the code's name before the text.</summary>
    private static bool TryCode(byte[] codeFrame, byte[] textFrame, out WireCode code, out string text)
    {
        code = WireCode.BadRequest;
        if (!WireText.TryText(codeFrame, out var name) || !WireText.TryText(textFrame, out text))
        {
            text = "";
            return false;
        }

        if (!WireCodes.TryFromName(name, out code))
            text = $"{name}: {text}";
        return true;
    }
}
