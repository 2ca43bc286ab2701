using System.Diagnostics;
using System.Reflection;
using Gateway.Http;
using Microsoft.Playwright;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Conventions;

/// <summary>
/// The traits by which the fast loop and <c>tests/run</c> choose are true of each test: of what it calls, wherever it stands.
/// </summary>
public sealed class TestTraitsTests
{
    private static readonly CallGraph _calls = new();
    private static readonly IReadOnlyList<(TestTraits Test, IReadOnlySet<MethodBase> Reached)> _tests =
        [.. TestTraits.Read().Select(test => (test, _calls.ReachedFrom(test.Runs)))];

    [Fact]
    public void Needs_AreThoseThatATestReaches()
    {
        var wrong =
            from test in _tests
            let tools = test.Reached.Where(method => method.DeclaringType == typeof(Tool))
            let reached = tools.SelectMany(NeedsOf).Distinct().Order(StringComparer.Ordinal)
            let carried = test.Test.Traits[NeedsAttribute.Trait].Distinct().Order(StringComparer.Ordinal)
            where !reached.SequenceEqual(carried)
            select $"{test.Test.Name} needs '{string.Join(' ', reached)}' and says '{string.Join(' ', carried)}'";

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Kind_OfATestThatStartsProcesses_IsProcess()
    {
        var wrong =
            from test in _tests
            where test.Reached.Any(StartsAProcess) && !test.Test.Traits[KindAttribute.Trait].Contains($"{Kind.Process}")
            select test.Test.Name;

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Kind_OfATestThatLaunchesABrowser_IsBrowserOrProcess()
    {
        var wrong =
            from test in _tests
            where test.Reached.Any(method => method.DeclaringType == typeof(IBrowserType))
            where !test.Test.Traits[KindAttribute.Trait].Any(kind => kind is nameof(Kind.Browser) or nameof(Kind.Process))
            select test.Test.Name;

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void Kind_OfATestThatStartsTheHttpApi_IsNotThatOfTheFastLoop()
    {
        var wrong =
            from test in _tests
            where test.Reached.Any(method => method.DeclaringType == typeof(HttpService) && method.IsConstructor)
            where !test.Test.Traits.Contains(KindAttribute.Trait)
            select test.Test.Name;

        wrong.ShouldBeEmpty();
    }

    [Fact]
    public void FastLoop_NeedsNothingButTheSdk() =>
        _tests.Where(test => test.Test.Traits.Contains(NeedsAttribute.Trait) && !test.Test.Traits.Contains(KindAttribute.Trait))
            .Select(test => test.Test.Name)
            .ShouldBeEmpty();

    [Fact]
    public void List_HasWhatTestsNeed() =>
        Tool.Read().Keys.ShouldBe(_tests.SelectMany(test => test.Test.Traits[NeedsAttribute.Trait]).Distinct(), ignoreOrder: true);

    [Fact]
    public void Page_NamesEachKindAndNeed()
    {
        var page = File.ReadAllText(Path.Combine(SourceTree.Root, "tests", "README.md"));

        Tool.Read().Keys.Concat(Enum.GetNames<Kind>()).Where(word => !page.Contains($"`{word}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    private static bool StartsAProcess(MethodBase method) =>
        method.DeclaringType == typeof(Process) && method.Name == nameof(Process.Start);

    /// <summary>The attribute of a getter is on its property.</summary>
    private static IEnumerable<string> NeedsOf(MethodBase method) => typeof(Tool).GetMembers()
        .Where(member => member == method || (member is PropertyInfo property && property.GetMethod == method))
        .SelectMany(member => member.GetCustomAttribute<NeedsAttribute>()?.Names ?? []);
}
