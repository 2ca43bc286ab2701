namespace Web;

/// <summary>What the warehouse sends back: some pieces of an order have left it.</summary>
internal sealed record Shipment(int Order, int Pieces);
