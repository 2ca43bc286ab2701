using Xunit;

namespace Gateway.Tests.Store;

/// <summary>The cases of contract tests: each engine, and each end on each engine.</summary>
internal static class StoreCases
{
    public static TheoryData<StoreEngine> Engines => new(Enum.GetValues<StoreEngine>());

    public static TheoryData<StoreEngine, StoreEnd> Ends
    {
        get
        {
            var cases = new TheoryData<StoreEngine, StoreEnd>();
            foreach (var engine in Enum.GetValues<StoreEngine>())
            {
                foreach (var end in Enum.GetValues<StoreEnd>()) cases.Add(engine, end);
            }

            return cases;
        }
    }
}
