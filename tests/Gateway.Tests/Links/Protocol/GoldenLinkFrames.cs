using Gateway.Client;
using Gateway.Links.Protocol;
using Gateway.Store.Commands;
using Gateway.Store.Messages;
using Gateway.Store.State;

namespace Gateway.Tests.Links.Protocol;

/// <summary>Each frame between gateways, as a value and as its exact bytes. A change here is a change of the protocol's version.</summary>
internal static class GoldenLinkFrames
{
    private const string StoreId = "000102030405060708090A0B0C0D0E0F";
    private const string Incarnation = "101112131415161718191A1B1C1D1E1F";
    private const string Nothing = "00000000000000000000000000000000";
    private const string Identity = "0100" + "61" + StoreId + Incarnation + "E803000000000000" + "0300000000000000";
    private const string Limits = "00001000" + "00004000" + "204E0000" + "00400000";

    public static readonly Message Message = new()
    {
        Id = new MessageId(new Guid("01890a5d-ac96-774b-bcce-b302099a8057")),
        EnqueuedUnixMs = 1000,
        ExpiresUnixMs = 2000,
        Source = "a",
        Headers = "{}"u8.ToArray(),
        Body = "hi"u8.ToArray(),
    };

    private static readonly GatewayIdentity _identity =
        new("a", new Guid("00010203-0405-0607-0809-0a0b0c0d0e0f"), new Guid("10111213-1415-1617-1819-1a1b1c1d1e1f"), 1000, Run: 3);
    private static readonly LinkLimits _limits = new(1024 * 1024, 4 * 1024 * 1024, 20_000) { HeadersBytesMax = 16 * 1024 };

    public static IReadOnlyDictionary<string, (LinkFrame Frame, string Hex)> All { get; } = new Dictionary<string, (LinkFrame, string)>
    {
        ["hello"] = (new LinkFrame.Hello(_identity, "b", _limits, 5), "01" + "47574C01" + Identity + "0100" + "62" + Limits
            + "0500000000000000" + Nothing + "0000000000000000" + Nothing + "0000000000000000" + Nothing + "0000000000000000"),
        ["hello of one who knows the other"] = (
            new LinkFrame.Hello(_identity, "b", _limits, 5)
            { Known = new HistoryPoint(_identity.StoreId, 3, _identity.Incarnation, 9) { Of = _identity.Incarnation, Batches = 4 } },
            "01" + "47574C01" + Identity + "0100" + "62" + Limits + "0500000000000000" + StoreId + "0300000000000000" + Incarnation
                + "0900000000000000" + Incarnation + "0400000000000000"),
        ["welcome"] = (
            new LinkFrame.Welcome(_identity, _limits, 5),
            "02" + "47574C01" + Identity + Limits + "0500000000000000" + "00" + "0000000000000000" + "0000000000000000"
                + "0000000000000000"),
        ["welcome of one who knows the other"] = (
            new LinkFrame.Welcome(_identity, _limits, 5)
            { Past = PastVerdict.Foreign, Group = 9, Batches = 4, Known = new KnownRun(3, _identity.Incarnation, "c") { Group = 7 } },
            "02" + "47574C01" + Identity + Limits + "0500000000000000" + "02" + "0900000000000000" + "0400000000000000" + "0300000000000000"
                + Incarnation + "0100" + "63" + "0700000000000000"),
        ["summary"] = (new LinkFrame.Summary(new byte[] { 0, 7 }), "70" + "00" + "07"),
        ["question for a summary"] = (new LinkFrame.Ping(LinkFrame.Ping.AsksForSummary), "07" + "47574C666C656574"),
        ["refused"] = (new LinkFrame.Refused(RefusalCode.WrongName, "no"), "03" + "03" + "0200" + "6E6F"),
        ["batch"] = (
            new LinkFrame.Batch("q", 1, [new NumberedMessage(3, Message)]) { PreviousCheck = 0x01020304, Group = 7 },
            "04" + "0100" + "71" + "0100000000000000" + "04030201" + "00" + "0700000000000000" + "01000000"
            + "0300000000000000" + "2E000000" + "01890A5DAC96774BBCCEB302099A8057" + "E803000000000000" + "D007000000000000"
                + "01" + "02000000" + "02000000" + "61" + "7B7D" + "6869"),
        ["opening batch"] = (
            new LinkFrame.Batch("q", 1, [new NumberedMessage(3, Message)]) { Opens = true, Group = 7 },
            "04" + "0100" + "71" + "0100000000000000" + "00000000" + "01" + "0700000000000000" + "01000000"
            + "0300000000000000" + "2E000000" + "01890A5DAC96774BBCCEB302099A8057" + "E803000000000000" + "D007000000000000"
                + "01" + "02000000" + "02000000" + "61" + "7B7D" + "6869"),
        ["ask"] = (new LinkFrame.Ask(["q", "r"]), "0C" + "02000000" + "0100" + "71" + "0100" + "72"),
        ["positions"] = (new LinkFrame.Positions([new QueuePosition("q", 7, 0x01020304), new QueuePosition("r", 0)]), "0D" + "02000000"
            + "0100" + "71" + "0700000000000000" + "04030201" + "0100" + "72" + "0000000000000000" + "00000000"),
        ["ack"] = (new LinkFrame.Ack("q", 3) { Group = 9, Batches = 4 }, "05" + "0100" + "71" + "0300000000000000" + "0900000000000000"
            + "0400000000000000"),
        ["full"] = (new LinkFrame.Full("q", 3, 1000, "no room") { Group = 9, Batches = 4 }, "0A" + "0100" + "71" + "0300000000000000"
            + "0900000000000000" + "0400000000000000" + "E8030000" + "00"
            + "0700" + "6E6F20726F6F6D"),
        ["full, shared"] = (new LinkFrame.Full("q", 3, 100, "no room") { IsShared = true }, "0A" + "0100" + "71" + "0300000000000000"
            + "0000000000000000" + "0000000000000000" + "64000000" + "01" + "0700" + "6E6F20726F6F6D"),
        ["stalled"] = (new LinkFrame.Stalled(10_000), "0E" + "10270000"),
        ["resend"] = (new LinkFrame.Resend("q", 3), "06" + "0100" + "71" + "0300000000000000"),
        ["ping"] = (new LinkFrame.Ping(9), "07" + "0900000000000000"),
        ["pong"] = (new LinkFrame.Pong(9, 5), "08" + "0900000000000000" + "0500000000000000"),
        ["last end"] = (new LinkFrame.LastEnd(LinkCause.ResetByPeer, 5, "cut"), "0B" + "06" + "0500000000000000" + "0300" + "637574"),
        ["join"] = (
            new LinkFrame.Join(new Guid("00010203-0405-0607-0809-0a0b0c0d0e0f"), "b", "h:1", Enumerable.Repeat((byte)9, 32).ToArray()),
            "60" + StoreId + "0100" + "62" + "0300" + "683A31" + string.Concat(Enumerable.Repeat("09", 32))),
        ["joined"] = (
            new LinkFrame.Joined(Enumerable.Repeat((byte)9, 32).ToArray()), "61" + string.Concat(Enumerable.Repeat("09", 32))),
        ["goodbye"] = (new LinkFrame.Goodbye(), "09"),
    };
}
