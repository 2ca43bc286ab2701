using Gateway.Doctor;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Doctor;

public sealed class StoreChecksTests
{
    private const long Reserve = 256_000_000;

    private static readonly StoreFacts _usual = new(
        "/var/lib/gateway", Exists: true, "ext4", FreeBytes: 4 * Reserve, Inodes: 10_000, InodesFree: 9_000, IsOpenToOthers: false,
        new FlushFacts([.. Enumerable.Repeat(TimeSpan.FromMilliseconds(1), 200)]));

    [Fact]
    public void An_ordinary_disk_is_ok() => Of(_usual).ShouldAllBe(finding => finding.Verdict == Verdict.Ok);

    public static TheoryData<string, string, string> Wrong => new()
    {
        { "nfs4", FindingIds.FileSystem, nameof(Verdict.Warning) },
        { "overlay", FindingIds.FileSystem, nameof(Verdict.Warning) },
        { "tmpfs", FindingIds.FileSystem, nameof(Verdict.Warning) },
        { "low", FindingIds.Space, nameof(Verdict.Warning) },
        { "full", FindingIds.Space, nameof(Verdict.Fault) },
        { "few inodes", FindingIds.Inodes, nameof(Verdict.Warning) },
        { "no inode", FindingIds.Inodes, nameof(Verdict.Fault) },
        { "open", FindingIds.Permissions, nameof(Verdict.Warning) },
        { "slow", FindingIds.Flush, nameof(Verdict.Warning) },
        { "hangs now and then", FindingIds.Flush, nameof(Verdict.Warning) },
        { "failing", FindingIds.Flush, nameof(Verdict.Fault) },
    };

    [Theory]
    [MemberData(nameof(Wrong))]
    public void A_fault_is_named_alone_with_what_to_do(string wrong, string id, string verdict)
    {
        var store = wrong switch
        {
            "low" => _usual with { FreeBytes = Reserve * 3 / 2 },
            "full" => _usual with { FreeBytes = Reserve - 1 },
            "few inodes" => _usual with { InodesFree = 100 },
            "no inode" => _usual with { InodesFree = 0 },
            "open" => _usual with { IsOpenToOthers = true },
            "slow" => _usual with { Flush = new FlushFacts([.. Enumerable.Repeat(TimeSpan.FromMilliseconds(80), 20)]) },
            "hangs now and then" => _usual with
            { Flush = new FlushFacts([.. _usual.Flush.Times, .. Enumerable.Repeat(TimeSpan.FromSeconds(2), 5)]) },
            "failing" => _usual with { Flush = _usual.Flush with { Failure = "The flush of x failed: Input/output error." } },
            _ => _usual with { FileSystem = wrong },
        };

        var found = Of(store).Where(finding => finding.Verdict != Verdict.Ok).ShouldHaveSingleItem();

        (found.Id, found.Verdict.ToString()).ShouldBe((id, verdict));
        found.Advice.ShouldNotBeEmpty();
        found.Meaning.ShouldNotBeEmpty();
    }

    [Fact]
    public void A_file_system_without_a_number_of_inodes_is_ok() =>
        StoreChecks.Inodes(_usual with { Inodes = 0, InodesFree = 0 }).Verdict.ShouldBe(Verdict.Ok);

    [Fact]
    public void A_full_inode_table_is_told_once_though_no_flush_can_be_made()
    {
        var full = _usual with { InodesFree = 0, Flush = new FlushFacts([], "No space left on device") };

        Of(full).Where(finding => finding.Verdict >= Verdict.Warning).ShouldHaveSingleItem().Id.ShouldBe(FindingIds.Inodes);
        StoreChecks.Flush(full.Flush).Verdict.ShouldBe(Verdict.Unknown);
    }

    [Fact]
    public void A_folder_of_another_user_is_a_matter_of_permissions_alone()
    {
        var denied = _usual with { Flush = new FlushFacts([], "Access is denied.", IsDenied: true) };

        Of(denied).Where(finding => finding.Verdict >= Verdict.Warning).ShouldHaveSingleItem().Id.ShouldBe(FindingIds.Permissions);
        StoreChecks.Permissions(denied, isRunning: true).Verdict.ShouldBe(Verdict.Unknown);
    }

    [Fact]
    public void A_store_that_does_not_exist_yet_is_no_fault() =>
        Of(_usual with { Exists = false, IsOpenToOthers = null, Flush = new FlushFacts([], "it does not exist yet") })
            .ShouldAllBe(finding => finding.Verdict < Verdict.Warning);

    private static IEnumerable<DoctorFinding> Of(StoreFacts store) =>
    [
        StoreChecks.FileSystem(store), StoreChecks.Permissions(store, isRunning: false), StoreChecks.Space(store, Reserve),
        StoreChecks.Inodes(store), StoreChecks.Flush(store.Flush),
    ];
}
