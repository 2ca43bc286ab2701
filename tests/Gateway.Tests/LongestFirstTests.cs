using Gateway.Tests.Crash;
using Gateway.Tests.Dashboard;
using Shouldly;
using Xunit;
using Xunit.v3;

namespace Gateway.Tests;

public sealed class LongestFirstTests
{
    [Fact]
    public void ClassesAndCollectionsThatTakeMinutes_ComeFirst_AsTheyAreListed()
    {
        var assembly = TestContext.Current.TestAssembly.ShouldBeAssignableTo<IXunitTestAssembly>()!;
        var factory = new CollectionPerClassTestCollectionFactory(assembly);
        var (other, pages, postgres) =
            (factory.Get(typeof(LongestFirstTests)), factory.Get(typeof(PagesTests)), factory.Get(typeof(PostgresTests)));

        new LongestFirst().OrderTestCollections([other, pages, postgres]).ShouldBe([postgres, pages, other]);
    }
}
