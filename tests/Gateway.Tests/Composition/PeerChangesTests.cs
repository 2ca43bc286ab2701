using Gateway.Composition;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Composition;

public sealed class PeerChangesTests
{
    [Fact]
    public void Between_NamesWhatDiffers()
    {
        var changes = PeerChanges.Between(
            new Dictionary<string, PeerPlace>
            {
                ["same"] = new("tcp://a:1", "aa"),
                ["gone"] = new("tcp://b:1", ""),
                ["moved"] = new("tcp://c:1", "cc"),
                ["renewed"] = new("tcp://d:1", "dd"),
            },
            new Dictionary<string, PeerPlace>
            {
                ["same"] = new("tcp://a:1", "aa"),
                ["moved"] = new("tcp://c:2", "cc"),
                ["renewed"] = new("tcp://d:1", ""),
                ["new"] = new("tcp://e:1", ""),
            });

        changes.Added.ShouldBe(["new"]);
        changes.Removed.ShouldBe(["gone"]);
        changes.Redialed.ShouldBe(["moved", "renewed"]);
        changes.Retrusted.ShouldBe(["renewed"]);
    }
}
