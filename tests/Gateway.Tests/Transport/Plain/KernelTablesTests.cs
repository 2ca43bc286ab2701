using System.Buffers.Binary;
using System.Net;
using Gateway.Transport.Plain;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Transport.Plain;

/// <summary>The tables in which the systems tell of sockets.</summary>
public sealed class KernelTablesTests
{
    [Fact]
    public void Linux_Lines_AreRead_AndForeignOnesPassedOver()
    {
        string[] lines =
        [
            "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode",
            "   0: 0100007F:1F90 00000000:0000 0A 00000000:00000081 00:00000000 00000000  1000        0 53197 1 0000000000000000",
            "   1: 0100007F:1F90 0100007F:C001 01 00000000:0000000A 00:00000000 00000000     0        0 0 1 0000000000000000",
            "   2: 0000000000000000FFFF00000100007F:0050 00000000000000000000000000000000:0000 0A 00000000:00000000 0:0 0 0 0 7 1",
            "   3: B80D01200000000067452301EFCDAB89:0051 00000000000000000000000000000000:0000 0A 00000000:00000000 0:0 0 0 0 8 1",
            "nonsense", "   4: 0100007F 0:0 0A 0:0 0 0 0 0 9", "   5: 0100007F:99999 0100007F:1 0A 0:0 0 0 0 0 9",
            "   6: 0100007F:1 0100007F:1 0A zz 0 0 0 0 9",
        ];

        KernelSocket.Parse(lines).ShouldBe([
            new KernelSocket(End("127.0.0.1:8080"), End("0.0.0.0:0"), IsListening: true, 129, "53197"),
            new KernelSocket(End("127.0.0.1:8080"), End("127.0.0.1:49153"), IsListening: false, 10, "0"),
            new KernelSocket(End("127.0.0.1:80"), End("[::]:0"), IsListening: true, 0, "7"),
            new KernelSocket(End("[2001:db8::123:4567:89ab:cdef]:81"), End("[::]:0"), IsListening: true, 0, "8"),
        ]);
    }

    [Fact]
    public void Windows_Rows_AreRead_AndAnAddressOfItsOwnGoesFirst()
    {
        var table = new byte[sizeof(int) + (3 * 24)];
        Row(table, 0, "0.0.0.0", 700, process: 11);
        Row(table, 1, "127.0.0.1", 700, process: 22);
        Row(table, 2, "127.0.0.1", 701, process: 33);

        WindowsListeners.Find(table, is6: false, End("127.0.0.1:700")).ShouldBe(22);
        WindowsListeners.Find(table, is6: false, End("10.0.0.1:700")).ShouldBe(11);
        WindowsListeners.Find(table, is6: false, End("10.0.0.1:701")).ShouldBeNull();
        Row(table, 1, "127.0.0.1", 700, process: 0);
        WindowsListeners.Find(table, is6: false, End("127.0.0.1:700")).ShouldBe(11);
        WindowsListeners.Find(table.AsSpan(0, 30), is6: false, End("127.0.0.1:701")).ShouldBeNull();
        WindowsListeners.Find([], is6: true, End("[::1]:700")).ShouldBeNull();
    }

    [Fact]
    public void Windows_RowsOfIPv6_HaveTheirFieldsElsewhere()
    {
        var table = new byte[sizeof(int) + 56];
        IPAddress.IPv6Loopback.GetAddressBytes().CopyTo(table, sizeof(int));
        BinaryPrimitives.WriteUInt16BigEndian(table.AsSpan(sizeof(int) + 20), 700);
        BinaryPrimitives.WriteInt32LittleEndian(table.AsSpan(sizeof(int) + 52), 44);

        WindowsListeners.Find(table, is6: true, End("[::1]:700")).ShouldBe(44);
    }

    [Fact]
    public void Linux_Figures_AreWhereTcpInfoHasThem()
    {
        var info = new byte[248];
        (info[0], info[2], info[3]) = (7, 2, 5);
        BinaryPrimitives.WriteUInt32LittleEndian(info.AsSpan(52), 1500);
        BinaryPrimitives.WriteInt64LittleEndian(info.AsSpan(120), 5_000_000_000);
        BinaryPrimitives.WriteUInt32LittleEndian(info.AsSpan(228), 4096);

        TcpFigures.OfLinux(info).ShouldBe(
            new TcpFigures(5_000_000_000, 4096, IsClosed: true) { Unanswered = 5, Silent = TimeSpan.FromSeconds(1.5) });
        // An older kernel tells less.
        TcpFigures.OfLinux(info.AsSpan(0, 200)).Window.ShouldBeNull();
    }

    [Fact]
    public void Windows_Figures_AreNeverTooLarge()
    {
        var info = new byte[88];
        BinaryPrimitives.WriteInt32LittleEndian(info, 4);
        BinaryPrimitives.WriteUInt32LittleEndian(info.AsSpan(28), 100);
        BinaryPrimitives.WriteUInt32LittleEndian(info.AsSpan(36), 65536);
        BinaryPrimitives.WriteInt64LittleEndian(info.AsSpan(48), 1000);
        BinaryPrimitives.WriteUInt32LittleEndian(info.AsSpan(68), 30);

        TcpFigures.OfWindows(info).ShouldBe(new TcpFigures(870, 65536, IsClosed: false) { InFlight = 100 });
    }

    [Fact]
    [NotUnderWine("Wine does not tell what TCP has acknowledged")]
    public void ThisSystem_TellsWhatWasAcknowledged() => AcknowledgementProbe.TellsAcknowledged().ShouldBe(true);

    [Fact]
    public void WatchPace_IsShortWhileThingsMove_AndBounded()
    {
        var pace = new WatchPace();
        var waits = Enumerable.Range(0, 20).Select(_ => pace.Next(isProgress: false).TotalMilliseconds).ToList();

        waits.ShouldBe(waits.Order());
        waits[0].ShouldBeLessThanOrEqualTo(2);
        waits[^1].ShouldBe(100);
        pace.Next(isProgress: true).TotalMilliseconds.ShouldBe(1);
    }

    [Fact]
    public void HostThatAnswersNothing_IsSilent_OneWithAClosedWindowIsNot()
    {
        var figures = new TcpFigures(0, 0, IsClosed: false) { Silent = TimeSpan.FromMinutes(2) };
        WatchPace.IsSilent(figures).ShouldBeFalse();
        WatchPace.IsSilent(figures with { Unanswered = 3 }).ShouldBeTrue();
        WatchPace.IsSilent(figures with { Unanswered = 3, Silent = TimeSpan.FromSeconds(2) }).ShouldBeFalse();
    }

    private static void Row(byte[] table, int row, string address, int port, int process)
    {
        var at = table.AsSpan(sizeof(int) + (row * 24));
        IPAddress.Parse(address).GetAddressBytes().CopyTo(at[4..]);
        BinaryPrimitives.WriteUInt16BigEndian(at[8..], (ushort)port);
        BinaryPrimitives.WriteInt32LittleEndian(at[20..], process);
    }

    private static IPEndPoint End(string text) => IPEndPoint.Parse(text);
}
