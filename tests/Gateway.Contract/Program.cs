namespace Gateway.Contract;

/// <summary>
/// What the client promises, clause by clause. The tests start this program on the runtimes that they do not run on themselves, and do to
/// the real gateway what it asks for.
/// </summary>
internal static class Program
{
    private const string InMemory = "memory";

    /// <param name="arguments">The address of a real gateway, or <c>memory</c> for the one in memory.</param>
    /// <returns>0 if every clause holds; the first that does not ends the run.</returns>
    public static async Task<int> Main(string[] arguments)
    {
        IGatewayAtHand gateway = arguments[0] == InMemory ? new MemoryGateway() : new AskedGateway(arguments[0]);
        var clauses = Clauses.All(new Conductor(gateway)).ToList();
        foreach (var clause in clauses)
        {
            try
            {
                await clause.Holds().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                Console.WriteLine($"failed: {clause.Name}: {e}");
                return 1;
            }

            Console.WriteLine($"holds: {clause.Name}");
        }

        Console.WriteLine($"all {clauses.Count} clauses hold");
        return 0;
    }
}
