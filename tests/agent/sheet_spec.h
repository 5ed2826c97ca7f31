/* tests/agent/sheet_spec.h — an import of a trade that has nothing to do with the example: a dealer in rope and hardware. */
#ifndef TESTS_AGENT_SHEET_SPEC_H
#define TESTS_AGENT_SHEET_SPEC_H

static const char sheet_spec[] =
    "{\"title\":\"Rope prices\",\"table\":\"ropes.csv\",\"key\":[\"code\"],\"currency\":[\"GBP\",\"£\"],"
    "\"per\":[\"/\",\"per\",\"a\"],"
    "\"columns\":{"
    "\"code\":{\"headers\":[\"Item\",\"Item no.\"],\"required\":true,\"max_length\":20},"
    "\"name\":{\"headers\":[\"Description\"],\"required\":true},"
    "\"kind\":{\"headers\":[\"Group\"],\"type\":\"choice\",\"required\":true,"
    "\"words\":[{\"word\":\"Rope\",\"also\":\"ropes, cordage\"},{\"word\":\"Hook\",\"also\":[\"hooks\"]}]},"
    "\"basis\":{\"headers\":[\"Sold by\"],\"type\":\"basis\",\"required\":true},"
    "\"load_kg\":{\"headers\":[\"Load\"],\"type\":\"number\",\"unit\":\"kg\",\"units\":{\"t\":\"1000\"},\"places\":1,"
    "\"min\":\"1\"},"
    "\"cost\":{\"headers\":[\"Buying price\"],\"type\":\"money\",\"places\":4,\"per\":\"basis\",\"required\":true,"
    "\"min\":\"0.0001\"},"
    "\"price\":{\"headers\":[\"Price\",\"Selling price\"],\"type\":\"money\",\"places\":4,\"per\":\"basis\"},"
    "\"vat\":{\"headers\":[\"VAT\"],\"type\":\"percent\",\"places\":1,\"max\":\"30\"}},"
    "\"bases\":[{\"word\":\"per metre\",\"kind\":\"length\",\"holds\":\"1\",\"also\":\"m, metre\"},"
    "{\"word\":\"per reel\",\"kind\":\"length\",\"holds\":\"1000\",\"also\":\"reel\"},"
    "{\"word\":\"per piece\",\"kind\":\"piece\",\"holds\":\"1\",\"also\":\"pc, each\"},"
    "{\"word\":\"per dozen\",\"kind\":\"piece\",\"holds\":\"12\",\"also\":\"dozen\"}],"
    "\"rules\":[{\"rule\":\"basis\",\"column\":\"basis\",\"where\":{\"kind\":\"Rope\"},\"is\":\"per metre\"},"
    "{\"rule\":\"neighbours\",\"column\":\"cost\",\"group\":[\"kind\",\"basis\"],\"factor\":\"20\",\"least\":5},"
    "{\"rule\":\"ratio\",\"column\":\"price\",\"of\":\"cost\",\"min\":\"1\",\"max\":\"5\"},"
    "{\"rule\":\"range\",\"column\":\"cost\",\"where\":{\"kind\":\"Hook\"},\"min\":\"0.05\",\"max\":\"500\"}]}";
#endif
