using Gateway.Links.Causes;
using Gateway.Links.Protocol;
using Gateway.Management;
using Gateway.Store.Messages;
using Gateway.Tcp;
using Gateway.Tcp.Framing;

namespace Gateway.Tests.Management;

/// <summary>An inlet and an outlet as a gateway tells of them.</summary>
internal static class TcpGlances
{
    public static readonly DateTimeOffset Now = FakeManagement.Now;

    public static InletSummary Inlet(
        LinkState state = LinkState.Up, LinkCause cause = LinkCause.None, string evidence = "", long replies = 0) => new(
        new InletStatus(
            new InletSettings("plc", "tcp://127.0.0.1:0", "telegrams@plant",
                new FrameFormat.LengthPrefix(65536, 12, 8, 4, IsBigEndian: false, LengthCounts.Body))
            { Answer = InletAnswer.Fixed, AnswerBytes = new byte[] { 6 } },
            state, cause, Now.AddMinutes(-10), evidence, cause == LinkCause.None ? "" : LinkAdvice.For(cause))
        {
            Address = "tcp://127.0.0.1:9000",
            Frames = 1204,
            Bytes = 1_230_000,
            Replies = 17,
            ReplyBytes = 170,
            Incomplete = 1,
            NotFrames = 2,
            Unclaimed = 3,
            Accepted = 40,
            Refused = 4,
            Open = 2,
            History =
            [
                new LinkChange(Now.AddMinutes(-12), LinkState.Up, LinkCause.ResetByPeer, "conversation 5f3a9c01-38 was reset")
                { UpSeconds = 60 },
                new LinkChange(Now.AddMinutes(-10), state, cause, evidence),
            ],
            Conversations =
            [
                new ConversationStatus("5f3a9c01-40", "10.0.4.17:51312", Now.AddMinutes(-1), LinkCause.None, "")
                { FramesIn = 200, BytesIn = 20_000, FramesOut = 7, BytesOut = 70 },
                new ConversationStatus("5f3a9c01-39", "10.0.4.18:40022", Now.AddMinutes(-2), cause, evidence)
                { FramesIn = 1004, BytesIn = 1_210_000, FramesOut = 10, BytesOut = 100 },
            ],
        },
        replies == 0 ? null : Queue("plc.replies", replies));

    public static OutletSummary Outlet(
        LinkState state = LinkState.Up, LinkCause cause = LinkCause.None, string evidence = "", long messages = 0) => new(
        new OutletStatus(
            new OutletSettings("press", "telegrams", "10.0.4.20", 9000, new FrameFormat.Delimiter(65536, "\r\n"u8.ToArray()))
            { ReplayWindow = TimeSpan.FromSeconds(2) },
            state, cause, Now.AddMinutes(-10), evidence, cause == LinkCause.None ? "" : LinkAdvice.For(cause))
        {
            Delivered = 1190,
            Bytes = 1_200_000,
            UnderWay = 14,
            SentAgain = 14,
            PossiblySeenTwice = 5,
            Refused = 6,
            Replies = 17,
            ReplyBytes = 170,
            Unclaimed = 1,
            Program = "receiver (pid 5020, started 12:00:03)",
            Open = state == LinkState.Up ? 1 : 0,
            Connections = state != LinkState.Up ? [] :
            [
                new ConversationStatus("", "10.0.4.20:9000", Now.AddMinutes(-10), LinkCause.None, "")
                { FramesIn = 17, BytesIn = 170, FramesOut = 1190, BytesOut = 1_200_000 },
            ],
            History =
            [
                new LinkChange(Now.AddMinutes(-12), LinkState.Down, LinkCause.ResetByPeer, "reset (ECONNRESET)") { UpSeconds = 3600 },
                new LinkChange(Now.AddMinutes(-10), state, cause, evidence),
            ],
        },
        Queue("telegrams", messages));

    private static QueueSummary Queue(string name, long messages) => new()
    {
        Id = QueueId.Inbound(name),
        Messages = messages,
        Bytes = 1000 * messages,
        Head = 1,
        Tail = messages,
        OldestAt = messages > 0 ? Now.AddMinutes(-6) : null,
    };
}
