using Gateway.Doctor.Probes;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Doctor;

/// <summary>Texts recorded from Linux and Windows.</summary>
public sealed class KernelTextTests
{
    private const string Sockets = """
          sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
           0: 0100007F:1CFD 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 28464 1 0000000002718124 100 0 0 10 0
           1: 0100007F:1CFD 0100007F:C350 01 00000000:00000000 00:00000000 00000000     0        0 28327 1 0000000098706b7c 20 4 30 10 -1
           2: 00000000:1D01 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 31 1 0000000098706b7c 100 0 0 10 0
        """;

    private const string Counters = """
        TcpExt: SyncookiesSent ListenOverflows ListenDrops
        TcpExt: 3 18 21
        IpExt: InNoRoutes InOctets
        IpExt: 0 7
        """;

    private const string Mounts = """
        29 1 254:0 / / rw,relatime - ext4 /dev/vda rw
        40 29 0:35 / /var/lib/gateway rw,relatime shared:7 - nfs4 files:/x rw
        41 29 0:36 / /mnt/with\040blank rw - tmpfs tmpfs rw
        42 40 0:37 / /var/lib/gateway/upper rw - overlay overlay rw
        broken
        """;

    private const string WindowsPorts = """
        Aktive Verbindungen

          Proto  Lokale Adresse         Remoteadresse          Status           PID
          TCP    0.0.0.0:135            0.0.0.0:0              ABHÖREN         964
          TCP    127.0.0.1:7420         127.0.0.1:50123        HERGESTELLT     4711
          TCP    127.0.0.1:7420         0.0.0.0:0              ABHÖREN         4712
        """;

    [Fact]
    public void Listeners_AreTheSocketsThatListen_WithPortAndInode() =>
        KernelText.Listeners(Sockets.Split('\n')).ShouldBe([(7421, "28464"), (7425, "31")]);

    [Theory]
    [InlineData("TcpExt", "ListenOverflows", 18L)]
    [InlineData("IpExt", "InOctets", 7L)]
    [InlineData("TcpExt", "InOctets", null)]
    [InlineData("MPTcpExt", "ListenOverflows", null)]
    public void Counter_IsTheNumberBelowItsName(string group, string name, long? number) =>
        KernelText.Counter(Counters.Split('\n'), group, name).ShouldBe(number);

    [Theory]
    [InlineData("/home/x", "ext4")]
    [InlineData("/var/lib/gateway", "nfs4")]
    [InlineData("/var/lib/gateway/store", "nfs4")]
    [InlineData("/var/lib/gateway2", "ext4")]
    [InlineData("/var/lib/gateway/upper/store", "overlay")]
    [InlineData("/mnt/with blank/store", "tmpfs")]
    public void FileSystem_IsThatOfTheNearestMount(string path, string type) =>
        KernelText.FileSystem(Mounts.Split('\n'), path).ShouldBe(type);

    [Fact]
    public void Kilobytes_AreBytes() =>
        KernelText.Kilobytes(["Name:\tgateway", "VmRSS:\t  131072 kB"], "VmRSS").ShouldBe(128L * 1024 * 1024);

    [Theory]
    [InlineData("0::/system.slice/gateway.service", "/sys/fs/cgroup/system.slice/gateway.service/memory.max")]
    [InlineData("4:memory:/box", "/sys/fs/cgroup/memory/box/memory.limit_in_bytes")]
    [InlineData("0::/", "/sys/fs/cgroup/memory.max")]
    public void MemoryLimits_AreOfTheGroupOfTheProcess(string line, string path) => KernelText.MemoryLimits([line]).ShouldBe([path]);

    [Fact]
    public void MemoryLimits_OfOtherControllers_AreNone() => KernelText.MemoryLimits(["1:cpu:/box", "noise"]).ShouldBeEmpty();

    [Theory]
    [InlineData("32768\t60999", 32768L)]
    [InlineData("max\n", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public void Number_IsTheFirst(string? text, long? number) => KernelText.Number(text).ShouldBe(number);

    [Theory]
    [InlineData(7420, 4712)]
    [InlineData(135, 964)]
    [InlineData(50123, null)]
    [InlineData(420, null)]
    public void WindowsListener_IsTheProcessThatListens_InAnyLanguage(int port, int? process) =>
        KernelText.WindowsListener(WindowsPorts.Split('\n'), port).ShouldBe(process);
}
