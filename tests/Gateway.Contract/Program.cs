namespace Gateway.Contract;

/// <summary>
/// What the client promises, clause by clause, against a real gateway that is named local and has a peer far, which does not run. The
/// tests start this program on the runtimes that they do not run on themselves, and do to the gateway what it asks for.
/// </summary>
internal static class Program
{
    /// <param name="arguments">The address of the gateway.</param>
    /// <returns>0 if every clause holds; the first that does not ends the run.</returns>
    public static async Task<int> Main(string[] arguments)
    {
        var conductor = new Conductor(arguments[0]);
        var clauses = new SendingClauses(conductor).All
            .Concat(new ReceivingClauses(conductor).All)
            .Concat(new LeaseClauses(conductor).All)
            .Concat(new ErrorClauses(conductor).All)
            .Concat(new RestartClauses(conductor).All)
            .Concat(new ProcessingClauses(conductor).All)
            .Concat(new RequestClauses(conductor).All)
            .ToList();
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
