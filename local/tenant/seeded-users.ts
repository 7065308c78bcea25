/** A user of the database connection, as one is added. A login name is the e-mail address or, without one, `username`. */
export interface NewUser {
  userId: string;
  name: string;
  password: string;
  email?: string;
  username?: string;
  /** Goes into `user_metadata.phone_number`, in E.164. */
  phoneNumber?: string;
  /** Of POD's API, as Auth0's role-based access control would assign them. */
  permissions?: readonly string[];
}

/**
 * Who can sign in at a fresh tenant. The passwords are public on purpose: they open nothing but a tenant on one's own
 * machine. Numbers and addresses are of the ranges that belong to nobody (RFC 2606, NANP 555-01xx).
 */
export const seededUsers = {
  customerWithPhone: {
    userId: 'auth0|phoebe',
    name: 'Phoebe',
    email: 'phoebe@example.com',
    password: 'phoebe-local',
    phoneNumber: '+12025550101',
  },
  customerWithEmail: {
    userId: 'auth0|emil',
    name: 'Emil',
    email: 'emil@example.com',
    password: 'emil-local',
  },
  customerWithNeither: { userId: 'auth0|noel', name: 'Noel', username: 'noel', password: 'noel-local' },
  secondCustomerWithPhone: {
    userId: 'auth0|quentin',
    name: 'Quentin',
    email: 'quentin@example.com',
    password: 'quentin-local',
    phoneNumber: '+12025550102',
  },
  staff: {
    userId: 'auth0|stella',
    name: 'Stella',
    email: 'stella@example.com',
    password: 'stella-local',
    permissions: ['read:all-orders', 'manage:orders'],
  },
} as const satisfies Record<string, NewUser>;

/** What a user is to POD, for whoever chooses one to sign in as. */
export function describeUser({ permissions, phoneNumber, email }: NewUser): string {
  if (permissions) return 'staff: sees all orders';
  if (phoneNumber) return 'customer, codes by text message';
  return email ? 'customer, codes by e-mail' : 'customer with neither phone nor e-mail';
}

/** Who can sign in at a fresh tenant, a line each: login, password, and what they are to POD. */
export function listSeededUsers(): string[] {
  return Object.values<NewUser>(seededUsers).map((user) => {
    const login = user.email ?? user.username ?? '';
    return `    ${login.padEnd(22)} ${user.password.padEnd(16)} ${describeUser(user)}`;
  });
}

/** The password of every customer that `addCustomers` makes. */
export const addedCustomerPassword = 'customer-local';
