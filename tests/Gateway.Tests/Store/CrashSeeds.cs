using System.Globalization;
using Xunit;

namespace Gateway.Tests.Store;

/// <summary>
/// The seeds of crash tests: <c>GATEWAY_CRASH_SEED</c> is the first (1), <c>GATEWAY_CRASH_TIMES</c> how many times as many as usual (1);
/// tests/soak.sh runs many.
/// </summary>
internal static class CrashSeeds
{
    public static TheoryData<int> Take(int usual) =>
        [.. Enumerable.Range(FromEnvironment("GATEWAY_CRASH_SEED"), usual * FromEnvironment("GATEWAY_CRASH_TIMES"))];

    private static int FromEnvironment(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text, CultureInfo.InvariantCulture) : 1;
}
